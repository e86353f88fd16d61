"""The buttons of the control page for a Uniview box."""

from dataclasses import asdict
from typing import Any

from simulators.control_page import Arguments, Command, Input, Panel
from simulators.push_delivery import Push

from .actions import UniviewActions
from .algorithms import ALGORITHMS

_CHANNEL = Input("channel_id", 1)


class UniviewPanel(Panel[UniviewActions]):
    """Shows a box and presses its buttons."""

    error_code = 6

    def __init__(self, box: UniviewActions) -> None:
        """Remember the box and the alarms raised from here."""
        super().__init__(box)
        self._raised: dict[str, Push] = {}

    def state(self) -> dict[str, Any]:
        """Return channels, platforms, counts."""
        device = self._box.device
        return {
            **super().state(),
            "channels": [
                {
                    "channel_id": channel.channel_id,
                    "name": channel.name,
                    "online": channel.online,
                    "algorithms": [task["algo_model"] for task in channel.tasks],
                }
                for channel in device.channels.values()
            ],
            "people": {row.person_id: row.name for row in device.people.values()},
            "platforms": [asdict(row) for row in device.platforms.values()],
            "waiting": {
                key: len(outbox) for key, outbox in self._box.reporter.outboxes.items()
            },
            "alarms": len(device.history),
        }

    def commands(self) -> tuple[Command, ...]:
        """Return the buttons."""
        return (
            Command(
                "alarm",
                "Raise alarm",
                self._alarm,
                (
                    _CHANNEL,
                    Input("algo_model", choices=tuple(ALGORITHMS)),
                    Input("person_id"),
                ),
            ),
            Command("recover", "Recover alarm", self._recover, (Input("event_id"),)),
            Command("face", "Face capture", self._face, (_CHANNEL,)),
            Command(
                "person",
                "Known person",
                self._person,
                (_CHANNEL, Input("person_id", 2001)),
            ),
            Command("stranger", "Stranger", self._stranger, (_CHANNEL,)),
            Command(
                "people_count",
                "Count people",
                self._count,
                (_CHANNEL, Input("entered", 2), Input("left", 1), Input("inside", 5)),
            ),
            Command("keep_alive", "Keep-alive", self._keep_alive),
            Command("add_channel", "Add channel", self._add, (Input("name"),)),
            Command("remove_channel", "Remove channel", self._remove, (_CHANNEL,)),
            Command("offline", "Channel offline", self._offline, (_CHANNEL,)),
            Command("online", "Channel online", self._online, (_CHANNEL,)),
            Command("expire_nonce", "Expire nonce", self._expire),
            Command("lock_out", "Lock out", self._lock, (Input("seconds", 60),)),
            *super().commands(),
        )

    def _told(self, push: Push) -> dict[str, Any]:
        self._raised[push.event_id] = push
        return {
            "event_id": push.event_id,
            "type": push.kind,
            "targets": sorted(push.targets),
            "held_back": push.held_back,
        }

    async def _alarm(self, given: Arguments) -> object:
        person = given.get("person_id")
        push = await self._box.alarm(
            given["algo_model"],
            channel_id=int(given.get("channel_id", 1)),
            person_id=None if person is None else int(person),
        )
        return self._told(push)

    async def _recover(self, given: Arguments) -> object:
        event_id = given.get("event_id") or next(reversed(self._raised), "")
        push = self._raised[str(event_id)]
        if "behaviour" not in push.body:
            raise ValueError("only behaviour alarms recover")
        return self._told(await self._box.recover(push))

    async def _face(self, given: Arguments) -> object:
        return self._told(
            await self._box.face(channel_id=int(given.get("channel_id", 1)))
        )

    async def _person(self, given: Arguments) -> object:
        push = await self._box.face(
            channel_id=int(given.get("channel_id", 1)),
            person_id=int(given["person_id"]),
        )
        return self._told(push)

    async def _stranger(self, given: Arguments) -> object:
        push = await self._box.face(
            channel_id=int(given.get("channel_id", 1)), stranger=True
        )
        return self._told(push)

    async def _count(self, given: Arguments) -> object:
        push = await self._box.people_count(
            channel_id=int(given.get("channel_id", 1)),
            entered=given.get("entered"),
            left=given.get("left"),
            inside=given.get("inside"),
        )
        return self._told(push)

    async def _keep_alive(self, _: Arguments) -> object:
        return self._told(await self._box.keep_alive())

    async def _add(self, given: Arguments) -> object:
        channel = await self._box.add_channel(given.get("name"))
        return {"channel_id": channel.channel_id}

    async def _remove(self, given: Arguments) -> None:
        await self._box.remove_channel(self._known(given))

    async def _offline(self, given: Arguments) -> None:
        await self._box.set_channel_status(self._known(given), online=False)

    async def _online(self, given: Arguments) -> None:
        await self._box.set_channel_status(self._known(given), online=True)

    def _known(self, given: Arguments) -> int:
        channel_id = int(given["channel_id"])
        if channel_id not in self._box.device.channels:
            raise LookupError(f"no channel {channel_id}")
        return channel_id

    async def _expire(self, _: Arguments) -> None:
        self._box.expire_nonce()

    async def _lock(self, given: Arguments) -> None:
        self._box.lock_out(seconds=float(given.get("seconds", 60)))
