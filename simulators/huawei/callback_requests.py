"""10.1.1 to 10.1.3: where messages are to be sent."""

from urllib.parse import urlsplit

from simulators.json_types import Json

from .account import Account
from .error_codes import Code, Refusal, demand
from .operation import Answer, Call, Operation
from .push_messages import Subscription
from .reporter import reporter_of
from .request_fields import one_of, table, text


def _address(value: Json) -> str:
    demand(isinstance(value, str) and value.isascii(), Code.WRONG_CALLBACK)
    url = str(value)
    try:
        parts = urlsplit(url)
        right = parts.scheme in ("http", "https") and parts.hostname
        _ = parts.port
    except ValueError:
        right = False
    demand(right and 1 <= len(url) <= 256, Code.WRONG_CALLBACK)
    return url


async def configure(account: Account, call: Call) -> Answer:
    """10.1.1: the URL must answer a test message, else all stays as it was."""
    subscription = Subscription(call.body["subscription_type"])
    kept = await reporter_of(account).configure(
        subscription, call.body["callback_url"], call.body.get("auth_key", "")
    )
    if kept is None:
        raise Refusal(Code.CALLBACK_UNREACHABLE)
    return {
        "callback_url": kept.url,
        "create_time": account.stamp(kept.create_time),
        "subscription_type": str(subscription),
    }


async def delete(account: Account, call: Call) -> Answer:
    """10.1.2."""
    subscription = Subscription(call.query["subscription_type"])
    known = reporter_of(account).callbacks.known
    demand(subscription in known, Code.NO_CALLBACK)
    del known[subscription]
    return {"subscription_type": str(subscription)}


async def get(account: Account, call: Call) -> Answer:
    """10.1.3: the key is told in clear; nothing is told when nothing is configured."""
    subscription = Subscription(call.query["subscription_type"])
    kept = reporter_of(account).callback(subscription)
    if kept is None:
        return {}
    return {
        "callback_url": kept.url,
        "subscription_type": str(subscription),
        "create_time": account.stamp(kept.create_time),
        "update_time": account.stamp(kept.update_time),
        "auth_key": kept.auth_key,
    }


_PATH = "/v1/{user_id}/messages/callback"
_CODES = {"subscription_type": Code.WRONG_SUBSCRIPTION}
_SUBSCRIPTION = {
    "subscription_type": one_of(*Subscription, code=Code.WRONG_SUBSCRIPTION)
}
_QUERY = table(_SUBSCRIPTION, codes=_CODES)

OPERATIONS = (
    Operation(
        "set_message_callback",
        "POST",
        _PATH,
        configure,
        body=table(
            {"callback_url": _address, **_SUBSCRIPTION},
            {"auth_key": text(6, 18, code=Code.WRONG_AUTH_KEY)},
            {"callback_url": Code.WRONG_CALLBACK, **_CODES},
        ),
    ),
    Operation("delete_message_callback", "DELETE", _PATH, delete, query=_QUERY),
    Operation("get_message_callback", "GET", _PATH, get, query=_QUERY),
)
