"""The virtual Uniview box: one object to start, look at and play with."""

import asyncio
from collections.abc import Callable
import random
from typing import Unpack
from uuid import UUID

from simulators.delivery import Parcel, Push, ResendPolicy
from simulators.virtual_device import Listening, VirtualDevice

from . import defaults, upgrade
from .activity import Activity
from .alarms import AlarmDesk, Draw
from .control import UniviewPanel
from .device import Device, Limits, Timing
from .digest import Gate
from .models import Channel, ChannelMode
from .operations import OPERATIONS
from .quirks import Quirks
from .reporter import Reporter
from .site import Site


class UniviewBox(VirtualDevice[Quirks, Timing, Limits]):
    """A box that listens on `host` and `port` while it runs, see `Listening`.

    `time_scale` multiplies every duration of the box. `seed` makes serial number,
    nonces and pictures repeatable. `connections` is how many pushes are under way to
    one receiver at a time.
    """

    device: Device
    reporter: Reporter

    def __init__(
        self,
        *,
        channels: int = 4,
        serial: str | None = None,
        username: str = "admin",
        password: str = "admin123.",
        quirks: Quirks | None = None,
        resend: ResendPolicy | None = None,
        time_scale: float = 1.0,
        connections: int = 1,
        seed: int | None = None,
        people: bool = True,
        lock_after: int = 5,
        lock_seconds: float = 300.0,
        **listening: Unpack[Listening],
    ) -> None:
        """Make a box; it is furnished at once but listens only when started."""
        rng = random.Random(seed)
        if serial is None:
            serial = f"210235C8TS{UUID(int=rng.getrandbits(128)).int % 10**10:010d}"
        device = Device(
            serial, quirks=quirks or Quirks(), rng=rng, time_scale=time_scale
        )
        self.gate = Gate(
            username=username,
            password=password,
            now=device.scaled,
            quirks=device.quirks,
            rng=rng,
            lock_after=lock_after,
            lock_seconds=lock_seconds,
        )
        reporter = Reporter(device, resend or ResendPolicy(), connections=connections)
        self.alarms = AlarmDesk(device, reporter)
        super().__init__(
            Site(device, self.gate, OPERATIONS),
            reporter,
            username=username,
            password=password,
            **listening,
        )
        defaults.furnish(self.device, channels=channels, people=people)

    # Life

    def panel(self) -> UniviewPanel:
        """Return what the control page shows."""
        return UniviewPanel(self)

    def activity(self, shortest: float = 0, longest: float = 0) -> Activity:
        """Return the life in front of the cameras."""
        return Activity(self, shortest, longest)

    def _started(self) -> None:
        self.device.on_channel = self.reporter.channel_changed
        self.device.on_docking = self.reporter.apply_docking
        self.device.on_upgrade = self.reporter.soon(self._upgrade)

    def _going_down(self) -> None:
        self.reporter.hold()

    def _back(self) -> None:
        self.gate.expire_nonce()
        self.reporter.release()

    async def _upgrade(self) -> None:
        device, scale = self.device, self.device.time_scale
        await asyncio.sleep(self.timing.upgrade_transfer * scale)
        device.upgrade_status = upgrade.UPGRADING
        await asyncio.sleep(self.timing.upgrade_write * scale)
        await self.reboot()
        if device.upgrade_package is not None:
            device.firmware = device.upgrade_package["version"]
            device.release_time = int(device.now())
        device.upgrade_status = upgrade.SUCCEEDED

    # What it is

    @property
    def busy(self) -> bool:
        """Return whether every request is answered with code 6."""
        return self.device.busy

    @busy.setter
    def busy(self, busy: bool) -> None:
        self.device.busy = busy

    @property
    def modelling_fails(self) -> bool:
        """Return whether the modelling of uploaded pictures fails (state 4)."""
        return self.device.modelling_fails

    @modelling_fails.setter
    def modelling_fails(self, fails: bool) -> None:
        self.device.modelling_fails = fails

    # Authentication

    def expire_nonce(self) -> None:
        """Make the current nonce invalid."""
        self.gate.expire_nonce()

    def lock_out(
        self, address: str = "127.0.0.1", seconds: float | None = None
    ) -> None:
        """Lock an address out: code 1004."""
        self.gate.lock(address, seconds)

    def unlock(self) -> None:
        """Let every address in again."""
        self.gate.unlock()

    # Pushes

    async def alarm(
        self,
        algo_model: str,
        *,
        channel_id: int = 1,
        picture: bytes | Draw | None = None,
        person_id: int | None = None,
        stranger: bool = False,
        similarity: int = 92,
        object_type: int | None = None,
        plate_no: str = "",
        counts: dict[str, int] | None = None,
        at: float | None = None,
        event_id: str | None = None,
        force: bool = False,
    ) -> Push:
        """Raise a behaviour alarm, see `AlarmDesk.alarm`."""
        return await self.alarms.alarm(
            algo_model,
            channel_id=channel_id,
            picture=picture,
            person_id=person_id,
            stranger=stranger,
            similarity=similarity,
            object_type=object_type,
            plate_no=plate_no,
            counts=counts,
            at=at,
            event_id=event_id,
            force=force,
        )

    async def recover(self, push: Push, *, at: float | None = None) -> Push:
        """End a behaviour alarm."""
        return await self.alarms.recover(push, at=at)

    async def face(
        self,
        *,
        channel_id: int = 1,
        person_id: int | None = None,
        stranger: bool = False,
        similarity: int = 92,
        gender: int = 99,
        age: int = 40,
        glasses: bool = False,
        mask: bool = False,
        scene: bytes | Draw | None = None,
        crop: bytes | Draw | None = None,
        at: float | None = None,
        event_id: str | None = None,
        force: bool = False,
    ) -> Push:
        """Capture a face, see `AlarmDesk.face`."""
        return await self.alarms.face(
            channel_id=channel_id,
            person_id=person_id,
            stranger=stranger,
            similarity=similarity,
            gender=gender,
            age=age,
            glasses=glasses,
            mask=mask,
            scene=scene,
            crop=crop,
            at=at,
            event_id=event_id,
            force=force,
        )

    async def people_count(
        self,
        *,
        channel_id: int = 1,
        entered: int | None = None,
        left: int | None = None,
        inside: int | None = None,
        at: float | None = None,
        force: bool = False,
    ) -> Push:
        """Count people, see `AlarmDesk.people_count`."""
        return await self.alarms.people_count(
            channel_id=channel_id,
            entered=entered,
            left=left,
            inside=inside,
            at=at,
            force=force,
        )

    async def keep_alive(self) -> Push:
        """Send a keep-alive to every enabled platform now."""
        return await self.reporter.keep_alive()

    def hold_pushes(self) -> None:
        """Keep all pushes back."""
        self.reporter.hold()

    def release_pushes(
        self, order: Callable[[list[Parcel]], list[Parcel]] = list
    ) -> None:
        """Send what was kept back, in the order that the function returns."""
        self.reporter.release(order)

    # Channels

    async def add_channel(
        self, name: str | None = None, *, online: bool = True
    ) -> Channel:
        """Add a channel as somebody at the box's web page would."""
        channel = defaults.new_channel(self.device, name)
        channel.online = online
        return self.device.add_channel(channel, mode=ChannelMode.ADDED)

    async def rename_channel(self, channel_id: int, name: str) -> Channel:
        """Rename a channel."""
        channel = self.device.channel(channel_id)
        channel.name = name
        self.device.on_channel(channel, ChannelMode.MODIFIED)
        return channel

    async def remove_channel(self, channel_id: int) -> Channel:
        """Remove a channel."""
        return self.device.remove_channel(channel_id)

    async def set_channel_status(self, channel_id: int, *, online: bool) -> Channel:
        """Put a channel online or offline."""
        return self.device.set_online(channel_id, online=online)

    def _scene_of(self, path: str) -> tuple[str, str]:
        """Return name and scene of a stream path of the video server."""
        for channel in self.device.channels.values():
            if channel.rtsp and f"/{channel.rtsp}".endswith(f"/{path}"):
                return channel.name, channel.scene
        return path, "corridor"
