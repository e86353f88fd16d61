"""Batches: each item has a result of its own, and HTTP says 200 whatever they are."""

from collections.abc import Callable, Iterable
from typing import Any

from .account import Account
from .error_codes import SUCCESS, Refusal, demand
from .models import Channel
from .operation import Answer, Fields


def outcome(act: Callable[..., object], *arguments: object) -> dict[str, str]:
    """Do something and return its `result`."""
    try:
        act(*arguments)
    except Refusal as refusal:
        return refusal.result()
    return SUCCESS


def failures(rows: Iterable[dict[str, Any]]) -> int:
    """Return how many items failed."""
    return sum(row["result"]["code"] != SUCCESS["code"] for row in rows)


def each_channel(
    account: Account,
    rows: list[Fields],
    act: Callable[[Channel, Fields], None],
    *,
    twice: int,
) -> Answer:
    """Do something with each channel of a batch (S2). `twice`: code for the same two."""
    keys = [(row["device_id"], row["channel_id"]) for row in rows]
    demand(len(set(keys)) == len(keys), twice)

    def one(row: Fields) -> None:
        act(account.channel(row["device_id"], row["channel_id"]), row)

    results = [
        {
            "device_id": row["device_id"],
            "channel_id": row["channel_id"],
            "result": outcome(one, row),
        }
        for row in rows
    ]
    return {"failed_num": failures(results), "channels": results}
