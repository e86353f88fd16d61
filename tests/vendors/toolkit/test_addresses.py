"""Addresses of streams, as hubs write them and players want them."""

from urllib.parse import unquote

from hypothesis import given, strategies as st
import pytest
from yarl import URL

from custom_components.vision_hub.vendors.toolkit.addresses import stream_address


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        # Passwords as they are, with what would end or divide the place.
        ("admin:pa#ss1@10.0.0.5:554/ch1", "admin:pa%23ss1@10.0.0.5:554/ch1"),
        ("admin:pa/ss?1@10.0.0.5/ch1", "admin:pa%2Fss%3F1@10.0.0.5/ch1"),
        ("admin:12/34@10.0.0.5/ch1", "admin:12%2F34@10.0.0.5/ch1"),
        ("ad/min:p@10.0.0.5/ch1", "ad%2Fmin:p@10.0.0.5/ch1"),
        ("admin:p@ss@10.0.0.5:554/ch1", "admin:p%40ss@10.0.0.5:554/ch1"),
        ("admin:p@ss#1@10.0.0.5/ch1", "admin:p%40ss%231@10.0.0.5/ch1"),
        ("admin:a/b@c/d@10.0.0.5/ch1", "admin:a%2Fb%40c%2Fd@10.0.0.5/ch1"),
        ("admin:[x]@cam.lan/ch1", "admin:%5Bx%5D@cam.lan/ch1"),
        ("admin:a:b@10.0.0.5/", "admin:a%3Ab@10.0.0.5/"),
        ("admin:p w\\@10.0.0.5/", "admin:p%20w%5C@10.0.0.5/"),
        ("管理:密码@10.0.0.5/", "%E7%AE%A1%E7%90%86:%E5%AF%86%E7%A0%81@10.0.0.5/"),
        # A bare % is escaped, what is escaped stays.
        ("admin:100%@10.0.0.5/", "admin:100%25@10.0.0.5/"),
        ("admin:%zz%4a@10.0.0.5/", "admin:%25zz%4a@10.0.0.5/"),
        ("admin:p%40ss@10.0.0.5/", "admin:p%40ss@10.0.0.5/"),
        # What is no login.
        ("10.0.0.5:554/ch1?mail=a@b.c", "10.0.0.5:554/ch1?mail=a@b.c"),
        ("10.0.0.5/user=a:b@1.2.3.4/1", "10.0.0.5/user=a:b@1.2.3.4/1"),
        ("u:p@relay/rtsp://a:b@10.0.0.5/1", "u:p@relay/rtsp://a:b@10.0.0.5/1"),
        ("cam/1@2", "cam/1@2"),
        ("@10.0.0.5/1", "10.0.0.5/1"),
        (":@10.0.0.5/1", "10.0.0.5/1"),
        # Hosts and ports.
        ("u:p@[fe80::1%eth0]:554/1", "u:p@[fe80::1%25eth0]:554/1"),
        ("[fe80::1%25eth0]/1", "[fe80::1%25eth0]/1"),
        ("u:p@[fe80::1]:554/1", "u:p@[fe80::1]:554/1"),
        ("[2001:DB8::5]/1", "[2001:db8::5]/1"),
        ("u:[p@2001:db8::5/1", "u:%5Bp@[2001:db8::5]/1"),
        ("10.0.0.5:/1", "10.0.0.5/1"),
        (" 10.0.0.5 :554 /1", "10.0.0.5:554/1"),
        ("１０.0.0.5：554/1", "10.0.0.5:554/1"),
        ("例子.测试/1", "xn--fsqu00a.xn--0zwm56d/1"),
        # The rest goes through, as far as it can be sent.
        ("10.0.0.5/a=%2F&b=[1]#c", "10.0.0.5/a=%2F&b=[1]#c"),
        ("10.0.0.5/100%/%zz/%2F", "10.0.0.5/100%25/%25zz/%2F"),
        ("10.0.0.5/通道 1", "10.0.0.5/%E9%80%9A%E9%81%93%201"),
    ],
)
def test_streams(written: str, wanted: str) -> None:
    assert stream_address(f"rtsp://{written}") == f"rtsp://{wanted}"
    assert stream_address(f"\ufeff RTSP://{written}\0\r\n") == f"rtsp://{wanted}"


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "rtsp://",
        "rtsp:///ch1",
        "rtsp://admin:pass@",
        "rtsp://admin:pass@/ch1",
        "rtsp://[bad",
        "rtsp://u:p@[::1/1",
        "rtsp://[::1]x/1",
        "rtsp://10.0.0.5:99999/1",
        "rtsp://10.0.0.5:0/1",
        "rtsp://10.0.0.5:-1/1",
        "rtsp://10.0.0.5:port/1",
        "rtsp://10.0.0.300/1",
        "rtsp://a b/1",
        "rtsp://xn--a/1",
        "rtsp://..",
        "file:///etc/passwd",
        "-i rtsp://10.0.0.5/1",
        "10.0.0.5/1",
    ],
)
def test_what_makes_no_sense_is_no_stream(nonsense: str) -> None:
    assert stream_address(nonsense, "admin", "secret") is None


def test_a_login_stands_in() -> None:
    login = ("us er", "100%41@:/")
    wanted = "rtsp://us%20er:100%2541%40%3A%2F@10.0.0.5/1"
    assert stream_address("rtsp://10.0.0.5/1", *login) == wanted
    assert stream_address("rtsp://:@10.0.0.5/1", *login) == wanted
    assert stream_address("rtsp://a:b@10.0.0.5/1", *login) == "rtsp://a:b@10.0.0.5/1"
    assert stream_address("rtsp://10.0.0.5/1", "admin") == "rtsp://admin@10.0.0.5/1"
    assert stream_address("rtsp://10.0.0.5/1", "", "secret") == "rtsp://10.0.0.5/1"


@given(st.text(), st.text(), st.text(), st.text())
def test_any_login_is_read_back(user: str, secret: str, name: str, word: str) -> None:
    """Whatever signs a password has, players read it and the host is the camera's."""
    given_login = stream_address("rtsp://10.0.0.5:554/1", name, word)
    assert given_login is not None
    assert (URL(given_login).user or "") == name
    for text in (f"rtsp://{user}:{secret}@10.0.0.5:554/1", user, f"rtsp://{secret}"):
        if (address := stream_address(text)) is not None:
            assert address.isascii()
            assert " " not in address
            URL(address)


@given(
    st.text("abc019#/?[]%@: !&+é密", min_size=1).filter(lambda text: "%" not in text)
)
def test_signs_of_passwords(secret: str) -> None:
    address = stream_address(f"rtsp://admin:x{secret}@10.0.0.5:554/1")
    assert address is not None
    login, _, rest = address.removeprefix("rtsp://").partition("@")
    assert rest == "10.0.0.5:554/1"
    assert unquote(login) == f"admin:x{secret}"
