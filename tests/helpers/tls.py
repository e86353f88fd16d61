"""What stands before a virtual device and speaks TLS, with a certificate of its own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def self_signed(
    folder: Path, *hosts: str, ends: timedelta = timedelta(days=1)
) -> ssl.SSLContext:
    """Make a certificate that nobody signed, as devices have."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(write_certificate(folder / "device.pem", *hosts, ends=ends))
    return context


def write_certificate(
    file: Path, *hosts: str, ends: timedelta = timedelta(days=1)
) -> Path:
    """Write a certificate for names and IP addresses, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "device")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + ends)
        .add_extension(
            x509.SubjectAlternativeName([_name(host) for host in hosts]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


@asynccontextmanager
async def tls_before(
    host: str, port: int, context: ssl.SSLContext
) -> AsyncIterator[int]:
    """Pass on what comes over TLS; yield the port where that is."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Who does not trust the certificate hangs up.
        with suppress(OSError):
            await writer.start_tls(context)
            inside, out = await asyncio.open_connection(host, port)
            await asyncio.gather(_pipe(reader, out), _pipe(inside, writer))
        writer.close()

    server = await asyncio.start_server(serve, host)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        server.close_clients()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while content := await reader.read(65_536):
            writer.write(content)
            await writer.drain()
    writer.close()
