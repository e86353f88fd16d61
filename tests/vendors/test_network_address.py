"""Hosts as people type them."""

from hypothesis import given, strategies as st
import pytest
from yarl import URL

from custom_components.vision_hub.vendors.errors import (
    AddressWithLogin,
    AddressWithPath,
    InvalidAddress,
    InvalidHost,
    InvalidPort,
    InvalidScheme,
)
from custom_components.vision_hub.vendors.network_address import NetworkAddress


@pytest.mark.parametrize(
    ("typed", "host", "port", "ssl"),
    [
        ("192.0.2.7", "192.0.2.7", None, None),
        ("192.0.2.7:8080", "192.0.2.7", 8080, None),
        ("192.0.2.7/", "192.0.2.7", None, None),
        ("192.0.2.7:", "192.0.2.7", None, None),
        ("//192.0.2.7:81/", "192.0.2.7", 81, None),
        ("  Box.Lan \t\r\n", "box.lan", None, None),
        ("\u202d192.0.2.7\u202c", "192.0.2.7", None, None),
        ("[::1]", "::1", None, None),
        ("::1", "::1", None, None),
        ("[::1]:8080", "::1", 8080, None),
        ("http://[2001:DB8::1]:81/", "2001:db8::1", 81, False),
        ("http://[fe80::1%25eth0]:81/", "fe80::1%eth0", 81, False),
        ("fe80::1%eth0", "fe80::1%eth0", None, None),
        ("https://host", "host", None, True),
        ("HTTPS://host:8443/#/login", "host", 8443, True),
        ("http://192.0.2.7/index.htm", "192.0.2.7", None, False),
        ("http://192.0.2.7/login.asp?lang=zh", "192.0.2.7", None, False),
        ("１９２．０．２．７：８０８０", "192.0.2.7", 8080, None),
        ("192。0。2。7：8080", "192.0.2.7", 8080, None),
        ("ｈｔｔｐｓ：／／ｂｏｘ．ｌａｎ／", "box.lan", None, True),
        ("例子。测试", "xn--fsqu00a.xn--0zwm56d", None, None),
        ("xn--fsqu00a.xn--0zwm56d", "xn--fsqu00a.xn--0zwm56d", None, None),
        ("my_box.lan.", "my_box.lan.", None, None),
    ],
)
def test_taken_apart(typed: str, host: str, port: int | None, ssl: bool | None) -> None:
    assert NetworkAddress.parse(typed).without_path() == NetworkAddress(host, port, ssl)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", InvalidHost),
        ("  ", InvalidHost),
        ("http://", InvalidHost),
        ("http:///", InvalidHost),
        ("http://[::1", InvalidHost),
        ("[::1", InvalidHost),
        ("::1]", InvalidHost),
        ("[192.0.2.7]", InvalidHost),
        ("1:2:3", InvalidHost),
        ("no host at all", InvalidHost),
        ("192.0.2.300", InvalidHost),
        ("192.0.2", InvalidHost),
        ("a..b", InvalidHost),
        ("192.0.2.7、", InvalidHost),
        ("192.0.2.7，", InvalidHost),
        ("“box”", InvalidHost),
        ("-box", InvalidHost),
        ("xn--a", InvalidHost),
        ("a" * 64, InvalidHost),
        ("%41", InvalidHost),
        ("http:192.0.2.7", InvalidPort),
        ("http://h:99999", InvalidPort),
        ("h:0", InvalidPort),
        ("h:-1", InvalidPort),
        ("h:80a", InvalidPort),
        ("h:8080:", InvalidHost),
        ("rtsp://192.0.2.7", InvalidScheme),
        ("http//192.0.2.7", AddressWithPath),
        ("192.0.2.7/box1", AddressWithPath),
        ("http://192.0.2.7/box1/", AddressWithPath),
        ("http://192.0.2.7/box1/index.htm", AddressWithPath),
        ("http://192.0.2.7/?box=1", AddressWithPath),
        ("admin:secret@192.0.2.7", AddressWithLogin),
        ("http://admin@192.0.2.7/", AddressWithLogin),
    ],
)
def test_refused(typed: str, error: type[InvalidAddress]) -> None:
    with pytest.raises(InvalidAddress) as raised:
        NetworkAddress.parse(typed).without_path()
    assert type(raised.value) is error


@given(st.text() | st.text("a0.:/[]@%#?１。：- "))
def test_whatever_is_typed(typed: str) -> None:
    """It is refused in words, or can be asked."""
    try:
        address = NetworkAddress.parse(typed).without_path()
    except InvalidAddress:
        return
    assert URL(str(address.origin())).host
