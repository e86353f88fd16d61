"""The signature beside every message, with the values of the reference."""

from datetime import UTC, datetime, timedelta

import pytest

from custom_components.vision_hub.vendors.huawei.signature import (
    WINDOW,
    digest,
    is_genuine,
    is_signed,
)

URL = "http://www.xxxx.xxx/dsfa"
KEY = "test123456"
TIMESTAMP = "1617086090"
SIGNATURE = "b318077b90d3f17b91ffb916512b600c1b450b5df331afd9e3124351393c7d83"
NOW = datetime.fromtimestamp(1617086090, UTC)


def headers(prefix: str = "X-lvm", **changes: str) -> dict[str, str]:
    return {
        f"{prefix}-Timestamp": changes.get("timestamp", TIMESTAMP),
        f"{prefix}-Signature": changes.get("signature", SIGNATURE),
    }


@pytest.mark.parametrize(
    ("timestamp", "signature"),
    [
        (TIMESTAMP, SIGNATURE),
        (
            "1676292308",
            "f166620db6e968db4f6608ca9802ac21a2fd0ebeb51d0c25b5460a8ce6fc9a8d",
        ),
    ],
)
def test_the_digest_joins_address_time_and_key(timestamp: str, signature: str) -> None:
    assert digest(URL, timestamp, KEY).hex() == signature


@pytest.mark.parametrize("prefix", ["X-lvm", "X-Ivm", "X-IVM", "x-lvm", "X-LVM"])
def test_both_spellings_of_the_headers_are_known(prefix: str) -> None:
    assert is_signed(headers(prefix))
    assert is_genuine(headers(prefix), (URL,), KEY, NOW)


@pytest.mark.parametrize(
    "signature",
    [SIGNATURE.upper(), "sxgHe5DT8XuR/7kWUStgDBtFC13zMa/Z4xJDUTk8fYM="],
)
def test_digests_may_be_written_in_other_ways(signature: str) -> None:
    assert is_genuine(headers(signature=signature), (URL,), KEY, NOW)


@pytest.mark.parametrize(
    ("url", "key", "changes"),
    [
        (URL, "another-key", {}),
        (URL + "/", KEY, {}),
        (URL, KEY, {"signature": "0" * 64}),
        (URL, KEY, {"signature": ""}),
        (URL, KEY, {"signature": "é" * 64}),
        (URL, KEY, {"signature": SIGNATURE * 10}),
        (URL, KEY, {"timestamp": "1617086091"}),
        (URL, KEY, {"timestamp": "soon"}),
        (URL, KEY, {"timestamp": "-1617086090"}),
        (URL, KEY, {"timestamp": "٣" * 10}),
        (URL, KEY, {"timestamp": "9" * 5000}),
        (URL, KEY, {"timestamp": ""}),
    ],
)
def test_what_does_not_fit_is_not_genuine(
    url: str, key: str, changes: dict[str, str]
) -> None:
    assert not is_genuine(headers(**changes), (url,), key, NOW)


@pytest.mark.parametrize("offset", [-WINDOW, timedelta(), WINDOW])
def test_a_message_of_now_is_taken(offset: timedelta) -> None:
    assert is_genuine(headers(), (URL,), KEY, NOW + offset)


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_message_of_another_time_is_a_replay(sign: int) -> None:
    late = NOW + sign * (WINDOW + timedelta(seconds=1))
    assert not is_genuine(headers(), (URL,), KEY, late)


def test_a_message_without_headers_is_not_signed() -> None:
    assert not is_signed({"Content-Type": "application/json"})
    assert not is_genuine({}, (URL,), KEY, NOW)
