"""JSON as real boxes write it."""

from typing import Any

from hypothesis import given, settings, strategies as st
import orjson
import pytest

from custom_components.vision_hub.vendors.toolkit.fields import Fields
from custom_components.vision_hub.vendors.toolkit.json_reader import is_json, read_json

NAME = "一号门摄像头"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (f'{{"name": "{NAME}"}}'.encode("gbk"), NAME),
        # Its second character has a backslash as its second byte.
        ('{"name": "允許通行"}'.encode("gbk"), "允許通行"),
        (f'{{"name": "{NAME}"}}'.encode("utf-8-sig"), NAME),
        (f'{{"name": "{NAME}"}}'.encode("utf-16"), NAME),
        (f'{{"name": "{NAME}"}}'.encode("utf-16-le"), NAME),
        (f'{{"name": "{NAME}"}}'.encode("utf-16-be"), NAME),
        ('{"name": "Café"}'.encode("latin-1"), "Caf�"),
        (b'{"name": "' + NAME.encode()[:-1] + b'"}', f"{NAME[:-1]}�"),
        (b'{"name": "' + NAME.encode()[:-2] + b'..."}', f"{NAME[:-1]}�..."),
        (b'{"name": "' + NAME.encode("gbk")[:-1] + b'"}', f"{NAME[:-1]}�"),
        (b'{"name": "a\tb\nc\x01"}', "a\tb\nc\x01"),
        (b'{"name": "\\ud83d!"}', "�!"),
        (b'{"name": "\\ud83d\\ude00"}', "😀"),
        (b'{"name": "\xed\xa0\xbd\xed\xb8\x80"}', "😀"),
        (b'{"name": "\xed\xa0\xbd"}', "�"),
        (b'{"name": "it\\\'s \\x41 \\x \\C:\\data"}', "it's A \\x \\C:\\data"),
    ],
)
def test_text_in_whatever_encoding(content: bytes, told: str) -> None:
    assert read_json(content) == {"name": told}


def test_names_of_one_list_come_from_many_hands() -> None:
    names = [NAME.encode(), NAME.encode("gbk"), "Café".encode("latin-1"), b"plain"]
    rows = b",".join(b'{"name": "' + name + b'"}' for name in names)
    assert read_json(b'{"list": [' + rows + b"]}") == {
        "list": [{"name": NAME}, {"name": NAME}, {"name": "Caf�"}, {"name": "plain"}]
    }


@pytest.mark.parametrize(
    "number",
    [
        *("1e30", str(2**70), str(-(2**70)), "1e999", "-1e999", "9" * 5000),
        *("NaN", "Infinity", "-Infinity", "nan", "-nan(ind)", "1.#QNAN", "-1.#INF", ""),
        *("None", "undefined", "NULL"),
    ],
)
def test_a_number_that_nobody_can_store_is_none(number: str) -> None:
    content = f'{{"id": 7, "count": {number}, "all": [1, {number or "null"}]}}'
    assert read_json(content.encode()) == {"id": 7, "count": None, "all": [1, None]}


def test_numbers_that_fit_stay_as_they_are() -> None:
    numbers = [2**63 - 1, -(2**63), 2**64 - 1, 0, -0.5, 1e18, 12.25]
    assert read_json(orjson.dumps(numbers)) == numbers


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"a": 1}\0\0\0', {"a": 1}),
        (b'\r\n\0{"a": 1} \x1a\n', {"a": 1}),
        # What was in the buffer before.
        (b'{"a": 1}\0 1}, "left": "over"}', {"a": 1}),
        (b'{"a": [1, 2,], "b": ",]",\n}', {"a": [1, 2], "b": ",]"}),
        (b'{"a": [,1,, 2]}', {"a": [1, 2]}),
        (b'{"a": {"b": 1}\n"c": 2}', {"a": {"b": 1}, "c": 2}),
        (b'{"a": 1 "b": "x"}', {"a": 1, "b": "x"}),
        (b'{"a": [{"d": 1} {"d": 2}]}', {"a": [{"d": 1}, {"d": 2}]}),
        (b'{"a": 007, "b": +5, "c": .5}', {"a": 7, "b": 5, "c": 0.5}),
        (b'{"a": 5., "b": 0, "c": 00}', {"a": 5, "b": 0, "c": 0}),
        (b'{"a": True, "b": FALSE}', {"a": True, "b": False}),
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b'{"a": 1, "a": 2,}', {"a": 2}),
    ],
)
def test_what_is_no_json_by_the_letter(content: bytes, told: Any) -> None:
    assert read_json(content) == told


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"nonsense", b"<html></html>", b'{"a": "x', b'{"a": 1}{"b": 2}'),
        b"[" * 100 + b"]" * 99,
        b'{"a":' * 2000 + b"1" + b"}" * 1999,
        b"[" * 300_000,
        b'["\xff",' + b"[" * 300_000,
        b"[" + b"[]," * 1_500_000 + b"[]]",
        b"[" + b'"",' * 500_000 + b"x]",
    ],
    ids=lambda content: f"{content[:12]} of {len(content)}",
)
def test_what_cannot_be_read_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_json(content)


@pytest.mark.parametrize("depth", [70, 2000, 100_000])
def test_what_lies_too_deep_is_left_out(depth: int) -> None:
    for opening, closing in (("[", "]"), ('{"[":', "}")):
        nested = f"{opening * depth}1{closing * depth}"
        told = read_json(f'{{"a": 1, "b": {nested}, "c": 2}}'.encode())
        assert isinstance(told, dict)
        assert told["a"] == 1
        assert told["c"] == 2


@given(st.binary(max_size=64))
@settings(max_examples=500, deadline=None)
def test_nothing_but_a_value_error_leaves_the_reader(noise: bytes) -> None:
    for content in (noise, b'{"a": ' + noise + b"}", b'{"a": "' + noise + b'"}'):
        try:
            value = read_json(content)
        except ValueError:
            continue
        # Whoever stores it can.
        orjson.dumps(value)


@given(st.text(max_size=40), st.sampled_from(["utf-8", "utf-16", "gb18030"]))
@settings(deadline=None)
def test_text_that_is_whole_is_read_as_it_is(text: str, encoding: str) -> None:
    content = orjson.dumps({"a": [text, NAME]}).decode().encode(encoding)
    told = read_json(content)
    assert isinstance(told, dict)
    # Few letters of Chinese may be Greek or Cyrillic just as well.
    if encoding != "gb18030" or text.isascii():
        assert told == {"a": [text, NAME]}


def test_keys_in_any_spelling() -> None:
    told = read_json(b'{"ChannelID": 3, "plate-no": "A", "list": [{"Lib_Name": "x"}]}')
    assert isinstance(told, Fields)
    assert told.get("channel_id") == told["channelId"] == 3
    assert told.get("plateNo") == "A"
    assert "CHANNEL_ID" in told
    assert "channel" not in told
    assert told.get("channel", 5) == 5
    rows = told["list"]
    assert isinstance(rows, list)
    assert [row["lib_name"] for row in rows if isinstance(row, dict)] == ["x"]
    with pytest.raises(KeyError):
        told["channel"]


def test_a_key_as_it_is_asked_for_comes_first() -> None:
    told = Fields({"Info": None, "INFO": 2, "info": 3})
    assert told.get("info") == 3
    del told["info"]
    assert told.get("info") == 2


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("person_coun", "person_count"),
        ("PERSON_COUN", "personCount"),
        ("fulIImage", "fullImage"),
        ("totalAlarts", "totalAlerts"),
        ("totalAlerts", "totalAlarts"),
        ("before_alarmed_time", "befor_alarmed_time"),
    ],
)
def test_known_misspellings(written: str, asked: str) -> None:
    assert Fields({written: 4}).get(asked) == 4


def test_what_looks_like_json() -> None:
    assert is_json(b"\xef\xbb\xbf\r\n {")
    assert is_json(b"\0[")
    assert not is_json(b"\xff\xd8\xff{")
    assert not is_json(b"a=1&b={}")
    assert not is_json(b"")
