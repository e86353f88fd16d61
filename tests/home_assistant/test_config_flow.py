"""Adding, changing and logging in to a hub, as a user does it."""

from typing import Any

from homeassistant.config_entries import SOURCE_USER, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.vision_hub.const import DOMAIN
from custom_components.vision_hub.vendors import VENDORS, login_refusal
from simulators.faults import Fault
from simulators.uniview import UniviewBox

from ..conftest import PASSWORD, Setup, connection, new_entry
from .conftest import let_time_pass, until_login_is_asked_for


async def begin(hass: HomeAssistant) -> str:
    """Choose Uniview in the menu; return the flow's id."""
    result = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.MENU
    assert list(result["menu_options"]) == list(VENDORS)
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"next_step_id": "uniview"}
    )
    assert result["type"] is FlowResultType.FORM
    assert result["step_id"] == "uniview"
    return result["flow_id"]


async def test_add(hass: HomeAssistant, box: UniviewBox, address: str) -> None:
    """A box is added under its own name and identity."""
    flow = await begin(hass)
    result = await hass.config_entries.flow.async_configure(flow, connection(box))
    await hass.async_block_till_done()

    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert entry.unique_id == f"uniview_{box.serial}"
    assert entry.title == box.device.name
    assert entry.state is ConfigEntryState.LOADED
    assert len(entry.data["token"]) >= 43


async def test_add_pasted_address(
    hass: HomeAssistant, box: UniviewBox, address: str
) -> None:
    """A whole address may be pasted as the host."""
    flow = await begin(hass)
    result = await hass.config_entries.flow.async_configure(
        flow, connection(box, host=f" {box.url}/index.htm ", port=443, ssl=True)
    )

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["host"] == box.host
    assert result["data"]["port"] == box.port
    assert result["data"]["ssl"] is False


@pytest.mark.parametrize(
    ("typed", "host", "taken"),
    [
        ("{host}:{port}", "127.0.0.1", {"port": 1, "ssl": False}),
        ("１２７.０.０.１：{port}", "127.0.0.1", {"port": 1, "ssl": False}),
        ("http://{host}:{port}/", "127.0.0.1", {"port": 443, "ssl": True}),
        (" 127.0.0.1/ ", "127.0.0.1", {"ssl": False}),
        ("http://127.0.0.1", "127.0.0.1", {"ssl": True}),
    ],
)
async def test_add_what_is_typed(
    hass: HomeAssistant,
    box: UniviewBox,
    address: str,
    typed: str,
    host: str,
    taken: dict[str, Any],
) -> None:
    """Host, port and SSL are taken from what was typed, wherever they stand."""
    flow = await begin(hass)
    result = await hass.config_entries.flow.async_configure(
        flow,
        connection(box, host=typed.format(host=box.host, port=box.port), **taken),
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    data = result["data"]
    wanted = (host, box.port, False)
    assert (data["host"], data["port"], data["ssl"]) == wanted


async def test_scheme_brings_its_port(
    hass: HomeAssistant, box: UniviewBox, address: str
) -> None:
    """Who types https means port 443, unless another was chosen."""
    asked = []
    for port in (80, 8443):
        flow = await begin(hass)
        result = await hass.config_entries.flow.async_configure(
            flow, connection(box, host="https://127.0.0.1", port=port)
        )
        assert result["errors"] == {"base": "cannot_connect"}
        asked.append(result["description_placeholders"]["hub"])
    assert asked == ["127.0.0.1:443", "127.0.0.1:8443"]


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("no host at all", "invalid_host"),
        ("http://[::1", "invalid_host"),
        ("192.0.2.300", "invalid_host"),
        ("http://h:99999", "invalid_port"),
        ("ftp://192.0.2.7", "invalid_scheme"),
        ("http://192.0.2.7/box1/", "address_with_path"),
        ("http://admin:secret@192.0.2.7", "address_with_login"),
    ],
)
async def test_refused_in_words(
    hass: HomeAssistant,
    box: UniviewBox,
    entry: MockConfigEntry,
    typed: str,
    error: str,
) -> None:
    """What is no host is told at its field, when a hub is added and when it moves."""
    adding = await begin(hass)
    moving = (await entry.start_reconfigure_flow(hass))["flow_id"]
    for flow in (adding, moving):
        result = await hass.config_entries.flow.async_configure(
            flow, connection(box, host=typed)
        )
        assert result["type"] is FlowResultType.FORM
        assert result["errors"] == {"host": error}
    result = await hass.config_entries.flow.async_configure(
        moving, connection(box, host=f"{box.host}:{box.port}/")
    )
    assert result["reason"] == "reconfigure_successful"


async def test_an_address_that_was_stored(
    hass: HomeAssistant, box: UniviewBox, address: str
) -> None:
    """An entry whose host is a whole address loads; a wrong one tells why it does not."""
    for host, state in (
        (f"http://{box.host}:{box.port}/", ConfigEntryState.LOADED),
        ("http://[::1", ConfigEntryState.SETUP_RETRY),
    ):
        entry = new_entry(box, address)
        data = {**entry.data, "host": host, "port": 1, "ssl": True}
        entry = MockConfigEntry(domain=DOMAIN, unique_id=entry.unique_id, data=data)
        entry.add_to_hass(hass)
        await hass.config_entries.async_setup(entry.entry_id)
        assert entry.state is state
        await hass.config_entries.async_remove(entry.entry_id)


async def test_add_twice(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """The same box is not added again, and its new address is taken."""
    async with UniviewBox(channels=2, password=PASSWORD, serial=box.serial) as moved:
        flow = await begin(hass)
        result = await hass.config_entries.flow.async_configure(flow, connection(moved))
        await hass.async_block_till_done()

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    assert entry.data["port"] == moved.port


@pytest.mark.parametrize(
    ("fault", "changes", "error"),
    [
        (None, {"password": "wrong"}, "invalid_auth"),
        (None, {"port": 9}, "cannot_connect"),
        (None, {"ssl": True}, "https_unsupported"),
        (Fault.TRUNCATED, {}, "unexpected_answer"),
        (Fault.HTTP_STATUS, {}, "unexpected_answer"),
    ],
)
async def test_failures(
    hass: HomeAssistant,
    box: UniviewBox,
    address: str,
    fault: Fault | None,
    changes: dict[str, Any],
    error: str,
) -> None:
    """Every failure says what is wrong, and the form can be sent again."""
    if fault:
        box.faults.add(fault, "/api/v2/device/get")
    flow = await begin(hass)
    result = await hass.config_entries.flow.async_configure(
        flow, connection(box, **changes)
    )
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == {"base": error}

    box.faults.clear()
    result = await hass.config_entries.flow.async_configure(flow, connection(box))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_locked_out(hass: HomeAssistant, box: UniviewBox, address: str) -> None:
    """A box that locked us out is not asked again and again."""
    box.lock_out()
    flow = await begin(hass)
    asked = len(box.request_log)
    result = await hass.config_entries.flow.async_configure(flow, connection(box))

    assert result["errors"] == {"base": "locked_out"}
    assert len(box.request_log) - asked <= 2


async def test_reauthentication(
    hass: HomeAssistant,
    box: UniviewBox,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A changed password is asked for, and a wrong one is not taken."""
    box.digest_auth.password = "a new one"
    box.expire_nonce()
    flow = await until_login_is_asked_for(hass, entry, monkeypatch)
    # It counts wrong attempts of the last minutes only.
    box.unlock()
    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"username": "admin", "password": "wrong"}
    )
    assert result["errors"] == {"base": "invalid_auth"}

    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"username": "admin", "password": "a new one"}
    )
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reauth_successful"
    assert entry.state is ConfigEntryState.LOADED
    assert entry.data["password"] == "a new one"


async def test_reconfigure(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """A box that moved keeps its password when none is entered."""
    async with UniviewBox(channels=2, password=PASSWORD, serial=box.serial) as moved:
        result = await entry.start_reconfigure_flow(hass)
        assert result["step_id"] == "reconfigure"
        changes = connection(moved)
        del changes["password"]
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], changes
        )
        await hass.async_block_till_done()

        assert result["reason"] == "reconfigure_successful"
        assert entry.data["port"] == moved.port
        assert entry.data["password"] == PASSWORD
        assert entry.state is ConfigEntryState.LOADED


async def test_reconfigure_to_another_box(
    hass: HomeAssistant, box: UniviewBox, entry: MockConfigEntry
) -> None:
    """Another box does not take the place of the one that was set up."""
    async with UniviewBox(channels=1, password=PASSWORD, serial="ANOTHER") as other:
        result = await entry.start_reconfigure_flow(hass)
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], connection(other)
        )

    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "another_hub"
    assert entry.data["port"] == box.port


async def test_options(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Options are checked, kept, and take effect at once."""
    result = await hass.config_entries.options.async_init(entry.entry_id)
    assert result["step_id"] == "init"
    good = {
        "callback_url": "http://192.0.2.1:8123",
        "hold_time": 5,
        "keep_days": 7,
        "keep_megabytes": 100,
        "stream_username": "viewer",
        "stream_password": "secret",
    }
    for wrong in (
        "ftp://192.0.2.1",
        "nonsense",
        "192.0.2.1:8123",
        "http://192.0.2.1/?a=b",
        "http://[",
        "http://h:99999",
        "http://u:p@192.0.2.1",
    ):
        result = await hass.config_entries.options.async_configure(
            result["flow_id"], good | {"callback_url": wrong}
        )
        assert result["errors"] == {"callback_url": "invalid_url"}

    result = await hass.config_entries.options.async_configure(
        result["flow_id"], good | {"callback_url": " HTTP://１９２.0.2.1：8123/ "}
    )
    await hass.async_block_till_done()
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == good
    assert entry.state is ConfigEntryState.LOADED


async def test_options_keep_the_camera_password(
    hass: HomeAssistant, box: UniviewBox, set_up: Setup
) -> None:
    """The stored password is not shown, and stays when none is entered."""
    entry = await set_up(box, stream_username="viewer", stream_password="secret")
    result = await hass.config_entries.options.async_init(entry.entry_id)
    shown = {
        str(field): field.description
        for field in result["data_schema"].schema
        if field.description
    }
    assert "viewer" in str(shown)
    assert "secret" not in str(shown)
    result = await hass.config_entries.options.async_configure(
        result["flow_id"],
        {"keep_days": 7, "keep_megabytes": 100, "stream_username": "viewer"},
    )
    await hass.async_block_till_done()
    assert entry.options["stream_password"] == "secret"


async def test_boxes_of_one_name(
    hass: HomeAssistant, box: UniviewBox, address: str
) -> None:
    """Two boxes of one model can be told apart."""
    titles = []
    async with UniviewBox(channels=1, password=PASSWORD, serial="SECOND") as second:
        for each in (box, second):
            flow = await begin(hass)
            result = await hass.config_entries.flow.async_configure(
                flow, connection(each)
            )
            titles.append(result["title"])
            await hass.async_block_till_done()
    assert titles == [box.device.name, f"{box.device.name} COND"]


async def test_wrong_password_at_start(
    hass: HomeAssistant,
    box: UniviewBox,
    set_up: Setup,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An entry whose password is refused again and again asks for another one.

    It is tried minutes apart: too many attempts would lock the user.
    """
    box.digest_auth.password = "changed"
    entry = await set_up(box)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    box.request_log.clear()
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert len(box.request_log) == 0
    assert not hass.config_entries.flow.async_progress()

    for _ in range(login_refusal.SURE_AFTER - 1):
        assert not hass.config_entries.flow.async_progress()
        let_time_pass(monkeypatch, login_refusal.RETRY_INTERVAL)
        await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    (flow,) = hass.config_entries.flow.async_progress()
    assert flow["step_id"] == "reauth_confirm"
