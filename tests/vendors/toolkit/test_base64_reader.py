"""Base64 as real boxes spell it."""

import base64
from urllib.parse import quote

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.vision_hub.vendors.errors import InvalidRequest
from custom_components.vision_hub.vendors.toolkit.base64_reader import decode_base64
from custom_components.vision_hub.vendors.toolkit.parameters import file_of
from custom_components.vision_hub.vendors.toolkit.pictures import decoded

# Its base64 has plus signs, slashes and padding.
PICTURE = b"\xff\xd8\xff" + bytes(range(256)) + b"\xfb\xef\xbe\xff"
ENCODED = base64.b64encode(PICTURE).decode()

SPELLINGS = [
    ENCODED,
    ENCODED.replace("+", "-").replace("/", "_"),
    ENCODED.rstrip("="),
    ENCODED.replace("+", "-").replace("/", "_").rstrip("="),
    ENCODED.replace("+", " "),
    ENCODED.replace("+", " ").rstrip("="),
    ENCODED.replace("+", "%2B").replace("=", "%3D"),
    f" {ENCODED}\n",
    f'"{ENCODED}"',
    *(
        separator.join(ENCODED[at : at + 76] for at in range(0, len(ENCODED), 76))
        for separator in ("\n", "\r\n", " ", "\n ")
    ),
    *(
        f"{head}{ENCODED}"
        for head in (
            "data:image/jpeg;base64,",
            "Data:Image/JPEG;Base64,",
            "DATA:;base64,",
            " data:image/jpeg;charset=utf-8;base64,",
            "\ufeffdata:image/jpeg;base64, ",
            "image/jpeg;base64,",
            "base64,",
        )
    ),
    f"'{ENCODED}'",
    f"\ufeff{ENCODED}\u200b",
    # Escaped twice.
    ENCODED.replace("/", r"\/"),
    *(
        separator.join(ENCODED[at : at + 76] for at in range(0, len(ENCODED), 76))
        for separator in (r"\n", r"\r\n")
    ),
    quote(quote(ENCODED, safe=""), safe=""),
    quote(f"data:image/jpeg;base64,{ENCODED}", safe=""),
]


def test_the_sample_has_all_that_can_be_spelt_otherwise() -> None:
    assert "+" in ENCODED
    assert "/" in ENCODED
    assert ENCODED.endswith("=")


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling(text: str) -> None:
    assert decode_base64(text) == PICTURE
    assert decoded(text) == PICTURE
    assert file_of("file", text) == PICTURE


@pytest.mark.parametrize(
    "text", ["x", "####", "图片", "{image}", "/9j/D/2Q==", "\ud800"]
)
def test_what_is_none(text: str) -> None:
    assert decode_base64(text) is None
    assert decoded(text) is None
    with pytest.raises(InvalidRequest):
        file_of("file", text)


@given(st.binary(min_size=1), st.booleans(), st.booleans(), st.booleans())
@settings(deadline=None)
def test_whatever_was_encoded(
    content: bytes, for_url: bool, padded: bool, wrapped: bool
) -> None:
    encode = base64.urlsafe_b64encode if for_url else base64.b64encode
    text = encode(content).decode()
    text = text if padded else text.rstrip("=")
    if wrapped:
        text = "\r\n".join(text[at : at + 20] for at in range(0, len(text), 20))
    assert decode_base64(text) == content


@given(st.text())
@settings(deadline=None)
def test_whatever_was_not(text: str) -> None:
    decode_base64(text)
