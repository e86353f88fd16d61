"""Chapter 13: what is sent, to whom, again and again until acknowledged."""

import base64
from io import BytesIO
from typing import Any

import av
from PIL import Image
import pytest

from simulators import pictures
from simulators.uniview import PushFault, PushUrl, ResendPolicy, UniviewBox

from ..push_receiver import Receiver
from ..waiting import until
from .client import Client
from .operations_table import PLATFORM


async def dock(client: Client, *platforms: dict[str, Any]) -> None:
    await client.data(
        "docking/config/update",
        platform=[PLATFORM | {"enabled": 1} | row for row in platforms],
        time_conf=[],
    )


async def test_alarm(client: Client, box: UniviewBox, receiver: Receiver) -> None:
    await dock(client, {"url": receiver.url + "/secret/"})
    push = await box.alarm("SafetyHelmetAlarm", channel_id=2)
    assert await push.delivered()
    (message,) = receiver.messages
    assert message.path == "/secret/custom/router1"
    assert message.content_type == "application/json"
    body = message.json
    assert body == push.body
    assert (body["type"], body["has_result"]) == (1, 0)
    assert body["event_id"] == push.event_id
    assert body["device_info"] == {
        "device_code": 1,
        "device_name": "ECS-B501@8HA-SF",
        "device_sn": box.serial,
    }
    assert body["channel_info"]["mode"] == 0
    assert body["channel_info"]["channel_name"] == "Loading bay"
    behaviour = body["behaviour"]
    assert behaviour["algo_model"] == "SafetyHelmetAlarm"
    assert "image_base64" not in behaviour
    (target,) = behaviour["capture_info"]
    left, right = map(int, target["point_x"].split(","))
    assert 0 <= left < right <= 10_000
    assert target["PlateNo"] == ""
    assert (await client.request("GET", behaviour["image_path"])).status == 200


async def test_verbatim_url(
    client: Client, box: UniviewBox, receiver: Receiver
) -> None:
    box.quirks.push_url = PushUrl.VERBATIM
    box.quirks.plate_no_as_table = True
    await dock(client, {"url": receiver.url + "/hook"})
    push = await box.alarm("AbnormalParkingDetection", plate_no="EX 12")
    assert await push.delivered()
    (message,) = receiver.messages
    assert message.path == "/hook"
    target = message.json["behaviour"]["capture_info"][0]
    assert (target["object_type"], target["plate_no"]) == (2, "EX 12")


async def test_pictures_inside(
    client: Client, box: UniviewBox, receiver: Receiver
) -> None:
    await dock(client, {"url": receiver.url, "picture_enable": 1})
    push = await box.face(channel_id=1, person_id=2002, similarity=88)
    assert await push.delivered()
    (message,) = receiver.messages
    body = message.json
    assert (body["type"], body["has_result"]) == (4, 1)
    for name, size in (("orig", (1280, 720)), ("crop", (240, 300))):
        content = base64.b64decode(body["face"][f"{name}_image_base64"])
        assert body["face"][f"{name}_image_path"].endswith(f"Size={len(content)}")
        with Image.open(BytesIO(content)) as image:
            assert image.size == size
    (result,) = body["compare_results"]
    assert result["person_name"] == "Boris Reed"
    assert result["lib_name"] == "Staff"
    assert result["similarity"] == 88
    assert result["image_base64"]


async def test_kinds(client: Client, box: UniviewBox, receiver: Receiver) -> None:
    await dock(client, {"url": receiver.url, "channel_enable": 1})
    alarm = await box.alarm("FallOverAlarm")
    recovery = await box.recover(alarm)
    assert recovery.event_id == alarm.event_id
    await box.face()
    await box.face(stranger=True)
    await box.alarm("NoMaskAlarm", person_id=2001)
    count = await box.people_count(entered=2, left=1, inside=5)
    assert await count.delivered()
    assert receiver.kinds() == [1, 2, 3, 4, 5, 1]
    stranger, comparison, counted = (m.json for m in receiver.messages[3:])
    assert (stranger["compare_results"], stranger["has_result"]) == ([], 1)
    assert "face" not in comparison
    assert comparison["compare_results"][0]["person_id"] == 2001
    behaviour = counted["behaviour"]
    assert behaviour["algo_model"] == "LinePeopleCounting"
    assert [behaviour[name] for name in ("in_num", "out_num", "area_num")] == [2, 1, 5]


async def test_channel_changes(
    client: Client, box: UniviewBox, receiver: Receiver
) -> None:
    await dock(client, {"url": receiver.url, "channel_enable": 1})
    channel = await box.add_channel("Roof")
    await box.rename_channel(channel.channel_id, "Attic")
    await box.set_channel_status(channel.channel_id, online=False)
    await box.set_channel_status(channel.channel_id, online=False)
    await box.remove_channel(channel.channel_id)
    await client.data("channel/update", channel_id=1, channel_name="Gate")
    messages = await receiver.wait_for(5)
    infos = [message.json["channel_info"] for message in messages]
    assert [info["mode"] for info in infos] == [1, 2, 4, 3, 2]
    assert [info["status"] for info in infos] == [1, 1, 2, 2, 1]
    assert infos[1]["channel_name"] == "Attic"
    assert set(receiver.kinds()) == {7}


async def test_only_who_wants_it(
    client: Client, box: UniviewBox, receiver: Receiver
) -> None:
    assert (await box.alarm("FallOverAlarm")).held_back == "no platform is enabled"
    assert not await (await box.alarm("FallOverAlarm")).delivered()
    await dock(client, {"url": receiver.url})
    await box.add_channel()
    box.device.channels[1].recovery = 0
    alarm = await box.alarm("FallOverAlarm")
    assert (await box.recover(alarm)).held_back == "recovery is off"
    await client.data("smart/task", channel_id=1, status=0)
    assert (await box.alarm("FallOverAlarm")).held_back == "the analysis is stopped"
    forced = await box.alarm("FallOverAlarm", force=True)
    assert await forced.delivered()
    assert receiver.kinds() == [1, 1]


async def test_throttle_and_schedule(
    client: Client, box: UniviewBox, receiver: Receiver
) -> None:
    box.device.time_scale = 0.001
    throttle = {"channel_id": 1, "interval": 10_000, "enable": 1}
    platform = PLATFORM | {"enabled": 1, "url": receiver.url}
    await client.data(
        "docking/config/update", platform=[platform], time_conf=[throttle]
    )
    assert (await box.alarm("FallOverAlarm")).targets == {1}
    held = await box.alarm("FallOverAlarm")
    assert held.held_back == "the upload interval has not passed"
    assert (await box.alarm("FallOverAlarm", channel_id=2)).targets == {1}
    days = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ]
    await client.data(
        "control/time/update",
        channel_id=2,
        algo_model="FallOverAlarm",
        control_time={day: [] for day in days},
    )
    held = await box.alarm("FallOverAlarm", channel_id=2)
    assert held.held_back == "not armed at this time"


@pytest.mark.parametrize(
    "refusal",
    [(500, "no"), (200, ""), (200, '{"code": 1}'), (204, ""), (200, '{"code": "0"}')],
)
async def test_refused_comes_again(
    client: Client, box: UniviewBox, receiver: Receiver, refusal: tuple[int, str]
) -> None:
    await dock(client, {"url": receiver.url})
    receiver.refusals, receiver.refusal = 2, refusal
    first = await box.alarm("FallOverAlarm")
    second = await box.alarm("SafetyHelmetAlarm")
    assert await first.delivered()
    assert await second.delivered()
    assert [a.acknowledged for a in first.attempts] == [False, False, True]
    ids = [message.json["event_id"] for message in receiver.messages]
    assert ids == [first.event_id] * 3 + [second.event_id]


async def test_given_up(client: Client, box: UniviewBox, receiver: Receiver) -> None:
    await dock(client, {"url": receiver.url})
    receiver.refusals = 5
    first = await box.alarm("FallOverAlarm")
    assert not await first.delivered()
    assert len(first.attempts) == 5
    assert first.given_up == {1}
    assert await (await box.alarm("FallOverAlarm")).delivered()


async def test_receiver_is_away(
    client: Client, box: UniviewBox, receiver: Receiver
) -> None:
    """Messages wait in order while the receiver cannot be reached."""
    await receiver.stop()
    await dock(client, {"url": receiver.url})
    first = await box.alarm("FallOverAlarm")
    second = await box.alarm("SafetyHelmetAlarm")
    await until(lambda: first.attempts)
    assert first.attempts[0].status is None
    back = Receiver()
    await back.start()
    box.device.platforms[1].url = back.url
    third = await box.alarm("FireDetection")
    for push in (first, second, third):
        assert await push.delivered()
    ids = [message.json["event_id"] for message in back.messages]
    assert ids == [push.event_id for push in (first, second, third)]
    await back.stop()


async def test_two_platforms(
    client: Client, box: UniviewBox, receiver: Receiver
) -> None:
    other = Receiver()
    await other.start()
    rows = ({"url": receiver.url}, {"id": 2, "url": other.url, "picture_enable": 1})
    await dock(client, *rows)
    receiver.refusals = 1
    push = await box.alarm("FallOverAlarm")
    assert await push.delivered()
    assert push.targets == {1, 2}
    assert len(push.acknowledgements) == 2
    assert (len(receiver.messages), len(other.messages)) == (2, 1)
    assert "image_base64" in other.messages[0].json["behaviour"]
    await dock(client, {"url": receiver.url})
    push = await box.alarm("FallOverAlarm")
    assert push.targets == {1}
    await other.stop()


async def test_keep_alive(client: Client, box: UniviewBox, receiver: Receiver) -> None:
    box.device.time_scale = 0.001
    await dock(client, {"url": receiver.url, "http_alive": 1, "alive_interval": 30})
    messages = await receiver.wait_for(3)
    assert {message.json["type"] for message in messages} == {6}
    assert "channel_info" not in messages[0].json
    await dock(client, {"url": receiver.url})
    box.device.time_scale = 1
    receiver.messages.clear()
    box.quirks.empty_event_id = True
    assert await (await box.keep_alive()).delivered()
    assert receiver.messages[-1].json["event_id"] == ""


async def test_keep_alive_is_sent_once(
    client: Client, box: UniviewBox, receiver: Receiver
) -> None:
    await dock(client, {"url": receiver.url})
    receiver.refusals = 1
    push = await box.keep_alive()
    assert not await push.delivered()
    assert len(push.attempts) == 1


async def test_video(client: Client, box: UniviewBox, receiver: Receiver) -> None:
    box.device.time_scale = 0.001
    await dock(client, {"url": receiver.url, "video_enable": 1})
    video = {"status": 1, "befor_alarmed_time": 5, "after_alarmed_time": 5}
    await client.data("smart/params/update", channel_id=1, alarm_video_param=video)
    await box.alarm("FallOverAlarm")
    alarm, upload = await receiver.wait_for(2)
    behaviour = alarm.json["behaviour"]
    assert upload.path == "/custom/router2"
    assert upload.parts["video_uuid"].decode() == behaviour["video_uuid"]
    with av.open(BytesIO(upload.parts["file"]), "r") as container:
        assert container.streams.video[0].width == 640
        assert len(list(container.decode(video=0))) == 20
    answer = await client.request("GET", behaviour["video_url"])
    assert answer.raw == upload.parts["file"]
    assert answer.headers["Content-Type"] == "video/mp4"


async def test_huge_picture(
    client: Client, box: UniviewBox, receiver: Receiver
) -> None:
    await dock(client, {"url": receiver.url, "picture_enable": 1})
    picture = pictures.huge(3_000_000)
    assert await (await box.alarm("FallOverAlarm", picture=picture)).delivered()
    behaviour = receiver.messages[0].json["behaviour"]
    assert base64.b64decode(behaviour["image_base64"]) == picture


async def test_clock(client: Client, box: UniviewBox, receiver: Receiver) -> None:
    await dock(client, {"url": receiver.url})
    right = await box.alarm("FallOverAlarm")
    box.clock_offset = -86_400
    wrong = await box.alarm("FallOverAlarm")
    assert await wrong.delivered()
    times = [push.body["behaviour"]["capture_time"] for push in (right, wrong)]
    assert 86_398 <= times[0] - times[1] <= 86_401


async def test_out_of_order(
    client: Client, box: UniviewBox, receiver: Receiver
) -> None:
    await dock(client, {"url": receiver.url})
    box.hold_pushes()
    sent = [await box.alarm("FallOverAlarm") for _ in range(3)]
    assert receiver.messages == []
    box.release_pushes(lambda requests: requests[::-1])
    assert await sent[0].delivered()
    ids = [message.json["event_id"] for message in receiver.messages]
    assert ids == [push.event_id for push in reversed(sent)]


@pytest.mark.parametrize(
    ("fault", "times"),
    [
        (PushFault.DUPLICATE, 2),
        (PushFault.LOST_ANSWER, 2),
        (PushFault.SLOW, 1),
        (PushFault.ABORTED, 1),
    ],
)
async def test_faults_of_transport(
    client: Client,
    box: UniviewBox,
    receiver: Receiver,
    fault: PushFault,
    times: int,
) -> None:
    await dock(client, {"url": receiver.url})
    box.push_faults.add(fault, times=1, kinds=[1], delay=0.02)
    push = await box.alarm("FallOverAlarm")
    assert await push.delivered()
    await receiver.wait_for(times)
    assert [message.json for message in receiver.messages] == [push.body] * times
    assert box.push_faults.rules == []


@pytest.mark.parametrize(
    "fault",
    [
        PushFault.TRUNCATED,
        PushFault.NOT_JSON,
        PushFault.EMPTY,
        PushFault.WRONG_TYPES,
    ],
)
async def test_faults_of_content(
    client: Client, box: UniviewBox, receiver: Receiver, fault: PushFault
) -> None:
    await dock(client, {"url": receiver.url})
    box.push_faults.add(fault, times=1)
    receiver.refusals = 1
    push = await box.alarm("FallOverAlarm")
    assert await push.delivered()
    spoilt, whole = receiver.messages
    assert whole.json == push.body
    assert spoilt.raw != whole.raw
    if fault is PushFault.WRONG_TYPES:
        assert spoilt.json["type"] == "<1>"
    else:
        with pytest.raises(ValueError, match=r"."):
            _ = spoilt.json


async def test_several_at_once(receiver: Receiver) -> None:
    async with UniviewBox(
        channels=1, connections=4, resend=ResendPolicy(first_delay=0.02)
    ) as box:
        row = box.device.platforms[1]
        row.enabled, row.url = 1, receiver.url
        box.reporter.apply_docking()
        receiver.gate.clear()
        pushes = [await box.alarm("FallOverAlarm") for _ in range(8)]
        await until(lambda: receiver.at_once == 4)
        receiver.gate.set()
        assert all([await push.delivered() for push in pushes])
        assert receiver.most_at_once == 4


async def test_quirks_of_pushes(
    client: Client, box: UniviewBox, receiver: Receiver
) -> None:
    await dock(client, {"url": receiver.url})
    box.quirks.recovery_repeats_event_id = False
    box.quirks.always_has_result = True
    alarm = await box.alarm("FallOverAlarm")
    recovery = await box.recover(alarm)
    assert await recovery.delivered()
    assert alarm.body["has_result"] == 1
    assert "compare_results" not in alarm.body
    assert recovery.event_id != alarm.event_id


async def test_vanished_platform_gives_up(
    client: Client, box: UniviewBox, receiver: Receiver
) -> None:
    await dock(client, {"url": receiver.url})
    box.hold_pushes()
    push = await box.alarm("FallOverAlarm")
    await dock(client, {"url": receiver.url, "enabled": 0})
    assert not await push.delivered()
    assert push.given_up == {1}
    assert receiver.messages == []
