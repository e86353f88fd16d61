"""Any operation of the manual, as it stands there."""

import base64
from collections.abc import Mapping
import re
from typing import Final
from urllib.parse import quote

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from ...errors import InvalidRequest, UnexpectedAnswer, Unsupported
from ...model import Json
from ...toolkit.base64_reader import decode_base64
from ...toolkit.lenient import as_int
from ...toolkit.operations import Danger, Operation
from ...toolkit.parameters import answer_with, file_of
from ...toolkit.shapes import value_in
from ..transport import Transport
from .details import Details

_WITH_PASSWORD: Final = frozenset(
    {"channel_device_info", "channel_add", "channel_update", "channel_import"}
)
_PEM_LINE: Final = re.compile(r"-----[^-]*-----|\s")
_FIRMWARE_NAME: Final = "upgrade.bin"


class OperationRunner:
    """Runs operations by their id.

    Parameters are those of the manual. Beyond them:

    * where a camera has a password, `password` may be given in the clear instead of
      `pwd`; it is encrypted with the hub's key (4.1);
    * `upgrade` takes `file_base64`, and `file_name` if the name matters;
    * `smart_picture` and `alarm_video_file` take `reference`, an address that the hub
      gave, or the picture's `Type`, `Index` and `Size`, and return `content_type` and
      `content_base64`.
    """

    def __init__(self, transport: Transport, details: Details) -> None:
        """Work through `transport`, tell `details` what may have changed."""
        self._transport = transport
        self._details = details

    async def run(
        self, operation: str, row: Operation, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        """Run one operation and return the whole answer."""
        if row.method not in {"GET", "POST"}:
            raise Unsupported("Only the hub itself does this")
        if row.method == "GET":
            return await self._fetch(row.path, params)
        if operation == "upgrade":
            return await self._upgrade(operation, params)
        if operation == "upgrade_status":
            return await self._transport.ask_form(operation)
        if operation in _WITH_PASSWORD:
            params = await self._with_encrypted(params)
        answer = await self._transport.ask_envelope(operation, params)
        if row.danger is not Danger.NONE:
            self._forget(operation, params)
        return answer

    async def _fetch(self, path: str, params: Mapping[str, Json]) -> Mapping[str, Json]:
        reference = params.get("reference", params.get("video_url"))
        if reference is None and not path.startswith("{"):
            query = "&".join(
                f"{name}={quote(str(value), safe='/')}"
                for name, value in params.items()
            )
            reference = f"{path}?{query}"
        if not isinstance(reference, str) or not reference:
            raise InvalidRequest("The address of the file is missing")
        return await answer_with(await self._transport.download(reference))

    async def _upgrade(
        self, operation: str, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        content = file_of("file_base64", params.get("file_base64"))
        name = str(params.get("file_name") or _FIRMWARE_NAME)
        return await self._transport.upload(operation, name, content)

    async def _with_encrypted(self, params: Mapping[str, Json]) -> dict[str, Json]:
        changed = dict(params)
        rows: list[Json] = [changed]
        if isinstance(listed := changed.get("channel_list"), list):
            copies: list[Json] = [
                dict(row) if isinstance(row, dict) else row for row in listed
            ]
            changed["channel_list"] = copies
            rows += copies
        open_rows = [row for row in rows if isinstance(row, dict) and "password" in row]
        if open_rows:
            # The manual does not say whether the key stays the same.
            key = load_key(await self._public_key())
            for row in open_rows:
                row["pwd"] = encrypted(key, str(row.pop("password")))
        return changed

    async def _public_key(self) -> str:
        data = await self._transport.ask("rsa_publickey")
        key = value_in(data, "public_key")
        if not isinstance(key, str):
            raise UnexpectedAnswer("The hub has no key for passwords")
        return key

    def _forget(self, operation: str, params: Mapping[str, Json]) -> None:
        channel = as_int(params.get("channel_id"))
        if channel is not None:
            self._details.forget_channel(channel)
        elif operation.startswith(("person_", "personlib_")):
            self._details.forget_libraries()
        elif operation == "extend_update":
            self._details.forget("extended")
        elif operation == "device_update":
            self._details.forget("device")


def load_key(text: str) -> RSAPublicKey:
    """Read an RSA key: PEM, or base64 of the DER of SPKI or PKCS#1."""
    try:
        der = decode_base64(_PEM_LINE.sub("", text))
        key = load_der_public_key(der or b"")
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnexpectedAnswer("The hub's key for passwords is unreadable") from error
    if not isinstance(key, RSAPublicKey):
        raise UnexpectedAnswer("The hub's key for passwords is not of RSA")
    return key


def encrypted(key: RSAPublicKey, password: str) -> str:
    """Encrypt a camera's password with PKCS#1 v1.5, in one line of base64."""
    try:
        content = key.encrypt(password.encode(), PKCS1v15())
    except ValueError as error:
        raise InvalidRequest("The password is too long") from error
    return base64.b64encode(content).decode()
