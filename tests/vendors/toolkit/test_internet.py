"""Which addresses are of the internet, and that no other is called."""

from pathlib import Path

import pytest

from custom_components.vision_hub.vendors.toolkit.internet import is_public

from ...helpers import lonely_network

OURS = {
    "nas.example": "127.0.0.1",
    "printer.example": "10.0.0.5",
    "box.example": "192.168.1.5",
    "modem.example": "100.64.0.9",
    "link.example": "169.254.1.5",
    "ula.example": "fd00::5",
    "site.example": "fec0::5",
    "here.example": "::1",
}
PUBLIC = {"pictures.example": "1.2.3.4", "six.example": "2606:4700::5"}
# They hold an address of our own network, and lead to it.
MAPPED = ("[::ffff:10.0.0.5]", "[::ffff:127.0.0.1]")


@pytest.mark.skipif(
    not lonely_network.is_possible(), reason="no network of its own can be had"
)
def test_names_decide_nothing(tmp_path: Path) -> None:
    """Whatever the name, a host is called only if its address is of the internet."""
    public = [f"https://{host}/" for item in PUBLIC.items() for host in _hosts(*item)]
    ours = [f"https://{host}/" for item in OURS.items() for host in _hosts(*item)]
    ours += [f"https://{host}/" for host in MAPPED]
    # The second port tells who connects, whatever comes then.
    probes = [url.removesuffix("/") + ":444/" for url in ours]
    found = lonely_network.run(tmp_path, OURS | PUBLIC, [*public, *ours, *probes])
    assert found == {"answered": public, "heard": []}


def _hosts(name: str, address: str) -> tuple[str, str]:
    return name, f"[{address}]" if ":" in address else address


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("1.2.3.4", True),
        ("2606:4700::5", True),
        ("::ffff:1.2.3.4", True),
        ("64:ff9b::1.2.3.4", True),
        ("64:ff9b::10.0.0.5", False),
        ("64:ff9b:1::10.0.0.5", False),
        ("2002:a00:5::", False),
        ("::10.0.0.5", False),
        ("0.0.0.0", False),
        ("::", False),
        ("172.31.0.1", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("224.0.0.1", False),
        ("ff0e::1", False),
        ("fe80::1%lo", False),
        ("fc00::1", False),
    ],
)
def test_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public
