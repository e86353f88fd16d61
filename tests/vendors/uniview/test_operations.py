"""Any operation of the manual."""

import base64
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
import pytest

from custom_components.vision_hub.vendors.errors import (
    InvalidRequest,
    RejectedByHub,
    UnexpectedAnswer,
    Unsupported,
)
from custom_components.vision_hub.vendors.toolkit.operations import Danger, Direction
from custom_components.vision_hub.vendors.uniview.hub import UniviewHub

from .conftest import ScriptedBox, done, paged
from .test_poll import camera

PICTURE: dict[str, Any] = {
    "Type": 1,
    "Index": "ubs_0_0_0_4_2_1716429337/Pic_1716429337015.jpg",
    "Size": 9999,
}
KEY = rsa.generate_private_key(65537, 2048)


def decrypted(text: str) -> str:
    return KEY.decrypt(base64.b64decode(text, validate=True), PKCS1v15()).decode()


def public_keys() -> list[str]:
    public = KEY.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    pkcs1 = public.public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()
    return [
        pem,
        pkcs1,
        pem.replace("\n", ""),
        "".join(pem.splitlines()[1:-1]),
        "".join(pkcs1.splitlines()[1:-1]),
    ]


@pytest.mark.parametrize(
    "key", public_keys(), ids=["pem", "pkcs1", "one_line", "der", "pkcs1_der"]
)
async def test_passwords_are_encrypted(
    scripted: ScriptedBox, hub: UniviewHub, key: str
) -> None:
    scripted.answers |= {
        "rsa/publickey": done({"public_key": key}),
        "channel/device/info": done({"video": []}),
    }
    params = {"ip": "217.1.0.143", "port": 80, "username": "x", "password": "sécret"}
    await hub.call("channel_device_info", params)
    (sent,) = scripted.asked("channel/device/info")
    assert decrypted(sent.pop("pwd")) == "sécret"
    assert sent == {"ip": "217.1.0.143", "port": 80, "username": "x"}
    assert params["password"] == "sécret"


async def test_passwords_in_a_list(scripted: ScriptedBox, hub: UniviewHub) -> None:
    scripted.answers |= {
        "rsa/publickey": done({"public_key": public_keys()[0]}),
        "channel/import": done({"fail_list": []}),
    }
    await hub.call(
        "channel_import",
        {
            "channel_list": [
                {"channel_name": "a", "password": "1"},
                {"channel_name": "b", "pwd": "as given"},
                7,
            ]
        },
    )
    (sent,) = scripted.asked("channel/import")
    first, second, third = sent["channel_list"]
    assert decrypted(first["pwd"]) == "1"
    assert second == {"channel_name": "b", "pwd": "as given"}
    assert third == 7
    assert len(scripted.asked("rsa/publickey")) == 1


async def test_no_password_no_key(scripted: ScriptedBox, hub: UniviewHub) -> None:
    scripted.answers["channel/add"] = done({"channel_id": 1})
    await hub.call("channel_add", {"channel_name": "a"})
    assert not scripted.asked("rsa/publickey")


def curve() -> str:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize(
    "data",
    [None, {}, {"public_key": 5}, {"public_key": "123456789"}, curve()],
    ids=["none", "empty", "number", "sample", "curve"],
)
async def test_unusable_keys(scripted: ScriptedBox, hub: UniviewHub, data: Any) -> None:
    scripted.answers["rsa/publickey"] = done(
        {"public_key": data} if isinstance(data, str) else data
    )
    with pytest.raises(UnexpectedAnswer):
        await hub.call("channel_device_info", {"password": "x"})


async def test_a_password_too_long(scripted: ScriptedBox, hub: UniviewHub) -> None:
    scripted.answers["rsa/publickey"] = done({"public_key": public_keys()[0]})
    with pytest.raises(InvalidRequest):
        await hub.call("channel_device_info", {"password": "x" * 300})


async def test_every_json_operation(scripted: ScriptedBox, hub: UniviewHub) -> None:
    for operation, row in hub.operations.items():
        special = operation in {"upgrade", "upgrade_status", "digest_challenge"}
        if row.kind is Direction.PUSH or row.method != "POST" or special:
            continue
        name = row.path.removeprefix("/api/v2/")
        scripted.answers[name] = done({"it": operation})
        answer = await hub.call(operation, {"a": 1})
        assert answer["data"] == {"it": operation}
        assert answer["code"] == 0
        assert scripted.asked(name)[-1] == {"a": 1}


async def test_what_only_the_hub_does(hub: UniviewHub) -> None:
    pushes = [key for key, row in hub.operations.items() if row.kind is Direction.PUSH]
    assert len(pushes) == 8
    for operation in [*pushes, "digest_challenge"]:
        with pytest.raises(Unsupported):
            await hub.call(operation, {})


async def test_unknown_operations_and_parameters(hub: UniviewHub) -> None:
    with pytest.raises(InvalidRequest):
        await hub.call("reboot", {})
    with pytest.raises(InvalidRequest):
        await hub.call("device_get", {"x": object()})  # type: ignore[dict-item]


async def test_errors_arrive(scripted: ScriptedBox, hub: UniviewHub) -> None:
    scripted.answers["smart/update"] = {"code": 1500, "msg": "Not together"}
    with pytest.raises(RejectedByHub, match="Not together"):
        await hub.call("smart_update", {"smart_list": [], "channel_id": 1})


@pytest.mark.parametrize(
    ("operation", "params", "target"),
    [
        (
            "smart_picture",
            PICTURE,
            "/api/v2/smart/picture?Type=1&Index=" + PICTURE["Index"] + "&Size=9999",
        ),
        (
            "smart_picture",
            {"reference": "/api/v2/smart/picture?Type=3&Index=a/"},
            "/api/v2/smart/picture?Type=3&Index=a/",
        ),
        ("alarm_video_file", {"video_url": "/video/1.mp4"}, "/video/1.mp4"),
    ],
)
async def test_files(
    scripted: ScriptedBox,
    hub: UniviewHub,
    operation: str,
    params: dict[str, Any],
    target: str,
) -> None:
    def answer(_: Any) -> web.Response:
        return web.Response(body=b"\xff\xd8\xff", content_type="image/jpeg")

    scripted.answers |= {"smart/picture": answer, "/video/1.mp4": answer}
    assert await hub.call(operation, params) == {
        "content_type": "image/jpeg",
        "content_base64": "/9j/",
    }
    assert f'uri="{target}"' in scripted.headers[-1]


@pytest.mark.parametrize("params", [{}, {"video_url": ""}, {"reference": 5}])
async def test_a_video_needs_an_address(
    hub: UniviewHub, params: dict[str, Any]
) -> None:
    with pytest.raises(InvalidRequest):
        await hub.call("alarm_video_file", params)


async def test_upgrade_sends_the_file_once(
    scripted: ScriptedBox, hub: UniviewHub
) -> None:
    received: list[tuple[str, str | None, bytes]] = []

    def answer(params: Any) -> Any:
        for name, file in params.items():
            received.append((name, file.filename, file.file.read()))
        return done()

    scripted.answers["upgrade"] = answer
    firmware = base64.b64encode(b"firmware" * 1000).decode()
    await hub.call("upgrade", {"file_base64": firmware, "file_name": "a.tgz"})
    assert received == [("file", "a.tgz", b"firmware" * 1000)]
    assert scripted.challenges == 1
    assert [path for path, _ in scripted.requests] == [
        "/api/v2/device/get",
        "/api/v2/upgrade",
    ]


@pytest.mark.parametrize("params", [{}, {"file_base64": "?"}, {"file_base64": ""}])
async def test_upgrade_needs_a_file(
    scripted: ScriptedBox, hub: UniviewHub, params: dict[str, Any]
) -> None:
    with pytest.raises(InvalidRequest):
        await hub.call("upgrade", params)
    assert not scripted.requests


async def test_upgrade_status_is_a_form(scripted: ScriptedBox, hub: UniviewHub) -> None:
    kinds: list[str] = []

    def answer(params: Any) -> Any:
        kinds.append(type(params).__name__)
        return done({"status": 2})

    scripted.answers["upgrade/status"] = answer
    assert (await hub.call("upgrade_status", {}))["data"] == {"status": 2}
    assert kinds != ["dict"]


async def test_what_was_written_is_read_again(
    scripted: ScriptedBox, hub: UniviewHub
) -> None:
    scripted.answers |= {
        "channel/list": paged("channel_list", [camera(1)]),
        "smart/list": done({"smart_list": []}),
        "smart/update": done(),
        "extend/update": done(),
        "device/update": done(),
        "person/import": done(),
        "extend/get": done([]),
        "personlib/list": paged("list", []),
    }
    await hub.poll()
    for operation, params, name in (
        ("smart_update", {"channel_id": 1}, "smart/list"),
        ("extend_update", {"list": []}, "extend/get"),
        ("device_update", {"device_name": "x"}, "device/get"),
        ("person_import", {"person_list": []}, "personlib/list"),
    ):
        await hub.call(operation, params)
        scripted.requests.clear()
        await hub.poll()
        assert scripted.asked(name)
        scripted.requests.clear()
        await hub.poll()
        assert len(scripted.requests) == 1


def test_dangers(hub: UniviewHub) -> None:
    destructive = {
        key for key, row in hub.operations.items() if row.danger is Danger.DESTRUCTIVE
    }
    assert destructive == {
        "personlib_delete",
        "person_delete",
        "channel_delete",
        "smart_update",
        "workclotheslib_delete",
        "workclothes_delete",
        "upgrade",
        "docking_config_update",
    }
    assert len(hub.operations) == 57
