"""How one request travels: the password is in a header."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from aiohttp import ClientSession, ClientTimeout

from ..errors import AuthenticationFailed
from ..model import HubConfig, Json
from ..toolkit.connection import Account, Connection
from ..toolkit.operations import Operation
from ..toolkit.request_body import JSON_TYPE, json_body
from ..toolkit.shapes import as_object

_TIMEOUT: Final = ClientTimeout(total=10)


class Transport:
    """Talks to one box."""

    def __init__(self, session: ClientSession, config: HubConfig) -> None:
        """Prepare; nothing is sent yet."""
        account = Account.of(config)
        self._connection = Connection(session, account, at_once=1)
        self._password = account.password

    async def run(
        self, operation: str, row: Operation, params: Mapping[str, Json]
    ) -> Mapping[str, Json]:
        """Send a request and return what the box answers."""
        answer = await self._connection.exchange(
            row.method,
            self._connection.origin.with_path(row.path),
            patience=_TIMEOUT,
            content=json_body(params) if params else None,
            content_type=JSON_TYPE,
            headers={"X-Password": self._password},
        )
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise AuthenticationFailed
        if answer.status != HTTPStatus.OK:
            answer.reject("toy box")
        return as_object(await answer.json())
