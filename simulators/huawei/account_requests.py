"""Chapter 4: the access token."""

from .account import Account
from .error_codes import Code, demand
from .operation import Answer, Call, Operation
from .request_fields import boolean, table, text

_KEY = r"[0-9A-Za-z\-]+"


async def access_token(account: Account, call: Call) -> Answer:
    """4.1: `expire_time` is what is left of it, as text."""
    pair = account.keys.get(call.body["ak"])
    right = pair is not None and pair.sk == call.body["sk"]
    demand(right, Code.NO_ENTERPRISE)
    demand(not account.frozen, Code.USER_FROZEN)
    if call.request.path.startswith("/v1/"):
        demand(account.quirks.token_v1, Code.NO_PATH)
    force = call.body.get("force_update", False)
    token, left = account.tokens.obtain(
        call.body["ak"], force=force, eager=account.quirks.eager_tokens
    )
    return {"access_token": token, "expire_time": str(int(left))}


_BODY = table(
    {
        "ak": text(1, 64, pattern=_KEY, code=Code.WRONG_AK),
        "sk": text(1, 64, pattern=_KEY, code=Code.WRONG_SK),
    },
    {"force_update": boolean},
    {"ak": Code.WRONG_AK, "sk": Code.WRONG_SK},
)
_PATH = "/{user_id}/enterprises/access-token"

OPERATIONS = (
    Operation(
        "get_access_token",
        "POST",
        f"/v2{_PATH}",
        access_token,
        body=_BODY,
        open=True,
    ),
    Operation(
        "get_access_token_v1",
        "POST",
        f"/v1{_PATH}",
        access_token,
        body=_BODY,
        open=True,
    ),
)
