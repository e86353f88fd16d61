"""Chapter 10: firmware upgrade.

The manual does not describe the package; this box takes an invented format that has
what the error codes need: a magic line, JSON with model, version and signature, data.
"""

import hashlib
import json
from typing import Any

from aiohttp import BodyPartReader, web

from .device import Device
from .error_codes import Code, Refusal
from .operation import Answer, Fields, Operation

UPGRADE_PATH = "/api/v2/upgrade"
TRANSFERRING, UPGRADING, SUCCEEDED, FAILED = 1, 2, 3, 4
LONGEST_PACKAGE = 256 * 1024 * 1024

_MAGIC = b"VIRTUAL-ECS-PACKAGE\n"


def _signature(header: dict[str, Any], data: bytes) -> str:
    text = f"{header['model']}:{header['version']}:".encode()
    return hashlib.sha256(text + data).hexdigest()


def package(
    version: str,
    *,
    model: str = "ECS-B501@8HA-SF",
    data: bytes = b"\0" * 1024,
    sign: bool = True,
) -> bytes:
    """Return an upgrade package that the box understands."""
    header: dict[str, Any] = {"model": model, "version": version, "size": len(data)}
    header["signature"] = _signature(header, data) if sign else "none"
    return _MAGIC + json.dumps(header).encode() + b"\n" + data


def _check(device: Device, content: bytes) -> dict[str, str]:
    """Return model and version, or refuse with 1901 to 1905."""
    if not content.startswith(_MAGIC):
        raise Refusal(Code.UPGRADE_FILE)
    line, _, data = content.removeprefix(_MAGIC).partition(b"\n")
    try:
        header = json.loads(line)
        complete = header["size"] == len(data)
        model, version = str(header["model"]), str(header["version"])
        signed = header["signature"] == _signature(header, data)
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal(Code.UPGRADE_FILE) from error
    if not complete:
        raise Refusal(Code.UPGRADE_FILE)
    if model != device.model:
        raise Refusal(Code.UPGRADE_MODEL)
    if version.partition("-")[0] != device.firmware.partition("-")[0]:
        raise Refusal(Code.UPGRADE_VERSION)
    if not signed:
        raise Refusal(Code.UPGRADE_SIGNATURE)
    return {"model": model, "version": version}


async def receive_package(device: Device, request: web.Request) -> None:
    """10.1: take the part `file`, check it and start the upgrade."""
    if not request.content_type.startswith("multipart/form-data"):
        raise Refusal(Code.INVALID_ARGUMENTS)
    if device.upgrade_status in (TRANSFERRING, UPGRADING):
        raise Refusal(Code.BUSY)
    content: bytes | None = None
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if isinstance(part, BodyPartReader) and part.name == "file":
            received = bytearray()
            while chunk := await part.read_chunk(65536):
                received += chunk
                if len(received) > LONGEST_PACKAGE:
                    raise Refusal(Code.UPGRADE_MEMORY)
            content = bytes(received)
    if content is None:
        raise Refusal(Code.INVALID_ARGUMENTS)
    device.upgrade_package = _check(device, content)
    device.upgrade_status = TRANSFERRING
    device.on_upgrade()


async def status(device: Device, _: Fields) -> Answer:
    """10.2: code 1906 when there has been no upgrade."""
    if device.upgrade_status is None:
        raise Refusal(Code.UPGRADE_PROGRESS)
    return {"status": device.upgrade_status}


OPERATIONS = (
    Operation(
        "/api/v2/upgrade/status",
        status,
        empty_body=True,
        content="application/x-www-form-urlencoded",
    ),
)
