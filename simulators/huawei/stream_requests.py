"""Chapter 17: encodings of a channel."""

from typing import Any

from .account import Account
from .error_codes import Code, demand
from .models import Channel
from .operation import CHANNEL, Answer, Call, Operation
from .request_fields import boolean, integer, listed, one_of, table, text

_FRAME_RATES = (25, 30)
# Largest resolutions first: size, least, most and usual bit rate.
_SIZES = (
    ("2560*1440", 512, 12_288, 4096),
    ("1920*1080", 512, 8192, 2048),
    ("1280*720", 384, 4096, 1024),
    ("704*576", 128, 2048, 512),
)
_DEFINITIONS = {
    "2560*1440": "2K",
    "1920*1080": "1080P",
    "1280*720": "720p",
    "704*576": "D1",
}
_ENCODINGS = ("H.264", "H.265", "MJPEG")


def _channel(account: Account, call: Call) -> Channel:
    """Return a channel whose device can be asked for its streams."""
    channel = account.channel(call.path["device_id"], call.path["channel_id"])
    holo = account.devices[channel.device_id].is_holo
    demand(holo, Code.STREAM_UNSUPPORTED)
    return account.reachable_channel(*channel.key)


def _resolutions(account: Account, most: int, sizes: int) -> list[dict[str, Any]]:
    rates: list[Any] = list(range(most, 0, -1))
    if account.quirks.sample_streams:
        rates = [str(rate) for rate in rates]
    return [
        {
            "type": size,
            "frame_rate": rates,
            "bit_rate": {"support": True, "begin": low, "end": high, "default": usual},
        }
        for size, low, high, usual in _SIZES[-sizes:]
    ]


def _encoding(account: Account, name: str) -> dict[str, Any]:
    sample, mjpeg = account.quirks.sample_streams, name == "MJPEG"
    return {
        "intelligence": {"support": not mjpeg, "type": [3, 1, 2, 4, 5]},
        "is_support_slice": name == "H.264",
        "is_support_layered_encoding": name == "H.264",
        "profile_list": {
            "support": not mjpeg,
            "type": [0, 1, 2] if name == "H.264" else [0],
        },
        "i_frame_interval": {
            "support": not mjpeg,
            "begin": int(not mjpeg),
            "end": 0 if mjpeg else 500,
        },
        "bit_rate_info": {
            "support": True,
            "bit_rate_type": [
                {
                    "type": 0,
                    "bit_rate_mode": [0, 1] if sample else [1, 2],
                    "pic_quality": None,
                },
                {
                    "type": 1,
                    "bit_rate_mode": None,
                    "pic_quality": list(range(6)) if sample else list(range(1, 7)),
                },
            ],
        },
        "jpeg_quality": {"begin": 1, "end": 99},
    }


async def ability(account: Account, call: Call) -> Answer:
    """17.1."""
    channel = _channel(account, call)
    number = int(channel.channel_id) + 101
    return {
        "channel_no": number,
        "is_support_corridor_mode": False,
        "is_hide_sub_stream_for_main_mjpeg": False,
        "is_support_water_mark": True,
        "mirror_mode": {"support": True, "type": [0, 1, 2, 3]},
        "variable_bit_rate": {"support": True},
        "variable_frame": {"support": True},
        "h264_info": _encoding(account, "H.264"),
        "h265_info": _encoding(account, "H.265"),
        "mjpeg_info": _encoding(account, "MJPEG"),
        "digital_zoom_info": {"support": False, "max_zoom": 16},
        "roi_info": {"support": True, "roi_quality": {"begin": 1, "end": 10}},
        "vo_info": {"support": True, "param": {"channel_no": str(number)}},
        "osd_info": {"support": True},
        "abilities": [
            {
                "stream_count": 2,
                "max_frame_rate": most,
                "stream_info": [
                    {
                        "stream_type": stream,
                        "encode_mode": [
                            {
                                "type": name,
                                "resolution": _resolutions(account, most, sizes),
                            }
                            for name in _ENCODINGS
                        ],
                        "support_crop": False,
                        "support_eptz": False,
                    }
                    for stream, sizes in ((0, 4), (1, 2))
                ],
            }
            for most in _FRAME_RATES
        ],
    }


def _item(stream: int, size: str, bit_rate: int) -> dict[str, Any]:
    return {
        "stream_type": stream,
        "encode_type": "H.264",
        "resolution": size,
        "definition": _DEFINITIONS[size],
        "frame_rate": 25,
        "bit_rate_type": 1,
        "bit_rate": bit_rate,
        "intelligence_encoding_open": False,
        "intelligence_encoding_level": 2,
        "slice_encoding_open": True,
        "layered_encoding_open": False,
        "profile": 0,
        "i_frame_interval": 25,
        "jpeg_quality": 60,
        "bit_rate_mode": 1,
        "pic_quality": 1,
    }


def streams_of(channel: Channel) -> dict[str, Any]:
    """Return the encodings of a channel; a new one has those of the factory."""
    if not channel.streams:
        channel.streams = {
            "stream_num": 2,
            "stream_info": [_item(0, "1920*1080", 4096), _item(1, "704*576", 512)],
            "max_frame_rate": 25,
            "corridor_mode_open": False,
            "mirror_mode": 0,
            "variable_bit_rate_open": False,
            "variable_bit_rate": 2020,
            "variable_frame_rate_open": False,
            "variable_frame_rate": 25,
        }
    return channel.streams


async def get_detail(account: Account, call: Call) -> Answer:
    """17.2."""
    return streams_of(_channel(account, call))


def _changed(kept: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    """Return a stream with the changes of a request, if the ability has them."""
    size = item.get("resolution", kept["resolution"])
    sizes = _SIZES if item["stream_type"] == 0 else _SIZES[-2:]
    found = [row for row in sizes if row[0] == size]
    demand(found, Code.STREAM_FIXED, "resolution")
    _, low, high, _ = found[0]
    rate = item.get("bit_rate", kept["bit_rate"])
    demand(low <= rate <= high, Code.STREAM_FIXED, "bit_rate")
    return {**kept, **item, "resolution": size, "definition": _DEFINITIONS[size]}


async def set_detail(account: Account, call: Call) -> Answer:
    """17.3: streams that are not named stay as they are."""
    channel, body = _channel(account, call), call.body
    items: list[dict[str, Any]] = body.pop("stream_info")
    types = [item["stream_type"] for item in items]
    demand(len(set(types)) == len(types), Code.STREAM_FIXED, "stream_type")
    kept = {row["stream_type"]: row for row in streams_of(channel)["stream_info"]}
    for item in items:
        demand(item["stream_type"] in kept, Code.STREAM_FIXED, "stream_type")
        kept[item["stream_type"]] = _changed(kept[item["stream_type"]], item)
    channel.streams = {
        **streams_of(channel),
        **body,
        "stream_info": list(kept.values()),
    }
    return {"device_id": channel.device_id, "channel_id": channel.channel_id}


# The sample sends 0 where the tables begin with 1.
_ITEM = table(
    {"stream_type": integer(0, 2), "encode_type": one_of(*_ENCODINGS)},
    {
        "resolution": text(1),
        "definition": text(1),
        "frame_rate": integer(1, 60),
        "bit_rate_type": integer(choices=(0, 1)),
        "bit_rate": integer(1, 16_384),
        "intelligence_encoding_open": boolean,
        "intelligence_encoding_level": integer(0, 5),
        "slice_encoding_open": boolean,
        "layered_encoding_open": boolean,
        "profile": integer(0, 2),
        "i_frame_interval": integer(0, 500),
        "jpeg_quality": integer(0, 99),
        "bit_rate_mode": integer(0, 2),
        "pic_quality": integer(0, 6),
    },
)
_DETAIL = table(
    {
        "stream_num": integer(1, 3),
        "max_frame_rate": integer(choices=_FRAME_RATES, code=Code.STREAM_FIXED),
        "stream_info": listed(_ITEM, 1, 3),
    },
    {
        "corridor_mode_open": boolean,
        "mirror_mode": integer(0, 3),
        "variable_bit_rate_open": boolean,
        "variable_bit_rate": integer(0),
        "variable_frame_rate_open": boolean,
        "variable_frame_rate": integer(0),
    },
)

OPERATIONS = (
    Operation("stream_ability_get", "GET", f"{CHANNEL}/stream-ability", ability),
    Operation("stream_detail_get", "GET", f"{CHANNEL}/stream-detail", get_detail),
    Operation(
        "stream_detail_set",
        "POST",
        f"{CHANNEL}/stream-detail",
        set_detail,
        body=_DETAIL,
    ),
)
