"""A network with nothing but this machine, where any address may be called.

Run as a module within it: answers by HTTPS at all addresses, calls what it is told to
call, and prints which of them heard of it.
"""

import asyncio
import json
from pathlib import Path
import ssl
import subprocess
import sys

from aiohttp import ClientError, web

from custom_components.vision_hub.vendors.toolkit.internet import internet_session

from .tls import write_certificate

PORT = 443

_UNSHARE = ("unshare", "--map-root-user", "--net", "--mount")


def is_possible() -> bool:
    """Tell whether this machine lets us have such a network."""
    try:
        subprocess.run([*_UNSHARE, "ip", "link"], capture_output=True, check=True)
    except OSError, subprocess.CalledProcessError:
        return False
    return True


def run(folder: Path, names: dict[str, str], urls: list[str]) -> dict[str, list[str]]:
    """Return what was answered and what was heard of, where `names` lead to addresses."""
    certificate = write_certificate(folder / "all.pem", *names, *names.values())
    hosts = folder / "hosts"
    hosts.write_text("".join(f"{ip} {name}\n" for name, ip in names.items()))
    addresses = "".join(f"ip address replace {ip} dev lo; " for ip in names.values())
    inside = (
        f"ip link set lo up; {addresses}mount --bind {hosts} /etc/hosts; "
        f"exec {sys.executable} -m {__name__} {certificate} {' '.join(urls)}"
    )
    result = subprocess.run(
        [*_UNSHARE, "sh", "-ec", inside],
        env={
            "SSL_CERT_FILE": str(certificate),
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        },
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )
    found: dict[str, list[str]] = json.loads(result.stdout)
    return found


async def _main(certificate: str, urls: list[str]) -> None:
    heard: list[str] = []
    answered: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        return web.Response()

    class Ears(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            heard.append(transport.get_extra_info("sockname")[0])
            transport.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    app = web.Application()
    app.router.add_get("/{tail:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, None, PORT, ssl_context=context)
    await site.start()
    loop = asyncio.get_running_loop()
    ears = await loop.create_server(Ears, None, PORT + 1)
    async with ears, internet_session() as session:
        for url in urls:
            try:
                async with session.get(url):
                    answered.append(url)
            except ClientError:
                continue
    await runner.cleanup()
    json.dump({"answered": answered, "heard": heard}, sys.stdout)


if __name__ == "__main__":
    asyncio.run(_main(sys.argv[1], sys.argv[2:]))
