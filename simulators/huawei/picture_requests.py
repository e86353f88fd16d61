"""10.2 and 10.3.1: addresses of pictures, and the pictures."""

import base64
from typing import Any

from aiohttp import web

from .account import Account
from .error_codes import SUCCESS, Code, Refusal, demand
from .operation import Answer, Call, Operation
from .picture_store import (
    KINDS,
    AlarmPictures,
    DataClass,
    PictureStore,
    Record,
    picture_store_of,
)
from .push_quirks import Static
from .request_fields import listed, one_of, table, text

_ALL = "ALL"
_WRONG_CLASS = 10027005
_WRONG_KIND = 10027010
_WRONG_UUID = 10020014


def _fetched(content: bytes | None) -> bytes:
    if content is None:
        raise Refusal(Code.NO_IMAGE)
    return content


async def static(account: Account, call: Call) -> Answer | web.Response:
    """10.3.1: a stored picture, in one of two formats."""
    content = _fetched(await picture_store_of(account).read(call.path["picture_key"]))
    if account.quirks.static is Static.JSON:
        return {"pic_data": base64.b64encode(content).decode()}
    return web.Response(body=content, content_type="image/jpeg")


async def download(account: Account, call: Call) -> web.Response:
    """Serve an address of 10.2 while it lives."""
    store, key = picture_store_of(account), call.path["picture_key"]
    demand(store.is_allowed(key, call.request.query.get("secret", "")), Code.NO_IMAGE)
    name = key.removesuffix(".jav")
    content = _fetched(await store.read(name))
    return web.Response(body=content, content_type="application/octet-stream")


def _wanted(call: Call, record: Record | None) -> dict[str, str]:
    """Return the names of the pictures that were asked for."""
    demand(record, Code.WRONG_DATA_ID)
    assert record is not None
    fits = record.data_class == call.body["data_classification"]
    demand(fits, Code.WRONG_DATA_ID)
    kind = call.body["type"]
    found = {name: key for name, key in record.pictures.items() if kind in (_ALL, name)}
    demand(found, Code.NO_SUCH_PICTURE)
    return found


async def data_pictures(account: Account, call: Call) -> Answer:
    """10.2.1."""
    store = picture_store_of(account)
    kinds = KINDS[DataClass(call.body["data_classification"])].values()
    demand(call.body["type"] in (_ALL, *kinds), _WRONG_KIND)
    rows: list[dict[str, Any]] = []
    for data_id in call.body["data_ids"]:
        row: dict[str, Any] = {"data_id": data_id, "urls": [], "result": SUCCESS}
        rows.append(row)
        try:
            row["urls"] = [
                {"type": kind, "url": store.address(call.origin, key)}
                for kind, key in _wanted(call, store.records.get(data_id)).items()
            ]
        except Refusal as refusal:
            row["result"] = refusal.result()
            if account.quirks.failed_id_without_urls:
                del row["urls"]
    return {"failed_num": _failures(rows), "data": rows}


def _pictures_of(store: PictureStore, uuid: str) -> AlarmPictures:
    if uuid not in store.alarms:
        raise Refusal(Code.UNKNOWN_ALARM)
    pictures = store.alarms[uuid]
    gone = not pictures.picture or store.is_expired(pictures)
    demand(not gone, Code.PICTURE_FAILED)
    return pictures


async def alarm_pictures(account: Account, call: Call) -> Answer:
    """10.2.2."""
    store = picture_store_of(account)
    rows: list[dict[str, Any]] = []
    for uuid in call.body["alarm_uuids"]:
        row: dict[str, Any] = {"alarm_uuid": uuid, "url": "", "targetgroup_url": ""}
        rows.append(row)
        try:
            pictures = _pictures_of(store, uuid)
            row["url"] = store.address(call.origin, f"{pictures.picture}.jav")
            if pictures.photo:
                row["targetgroup_url"] = store.address(call.origin, pictures.photo)
            row["result"] = SUCCESS
        except Refusal as refusal:
            row["result"] = refusal.result()
            if account.quirks.failed_id_without_urls:
                del row["url"], row["targetgroup_url"]
    return {"failed_num": _failures(rows), "alarms": rows}


def _failures(rows: list[dict[str, Any]]) -> int:
    return sum(row["result"] is not SUCCESS for row in rows)


_MANY = {"code": Code.TOO_LONG_ARRAY}

OPERATIONS = (
    Operation(
        "get_intelligence_data_picture_urls",
        "POST",
        "/v1/{user_id}/intelligence-data/pictures",
        data_pictures,
        body=table(
            {
                "data_classification": one_of(*DataClass, code=_WRONG_CLASS),
                "type": text(1, code=_WRONG_KIND),
                "data_ids": listed(text(1, 64, code=Code.WRONG_DATA_ID), **_MANY),
            },
            codes={"data_classification": _WRONG_CLASS, "type": _WRONG_KIND},
        ),
    ),
    Operation(
        "get_alarm_picture_urls",
        "POST",
        "/v1/{user_id}/alarms/pictures",
        alarm_pictures,
        body=table(
            {"alarm_uuids": listed(text(1, 128, code=_WRONG_UUID), **_MANY)},
            {
                "alarm_classification": one_of(
                    "INTELLIGENT",
                    "TARGET",
                    "TARGET_DET",
                    "CROWD",
                    "THIRD_PARTY",
                    "THIRDPARTY_INTELLIGENT",
                    code=_WRONG_CLASS,
                )
            },
        ),
    ),
    Operation("fetch_stored_picture", "GET", "/v1/holo/{picture_key}/static", static),
    Operation("download_picture", "GET", "/v1/holo/{picture_key}", download, open=True),
)
