"""One login for all who ask, and how it ends."""

import asyncio
from dataclasses import dataclass, field

import pytest

from custom_components.vision_hub.vendors.errors import (
    AuthenticationFailed,
    Busy,
    CannotConnect,
    LockedOut,
    RejectedByHub,
    UnexpectedAnswer,
    VisionError,
)
from custom_components.vision_hub.vendors.login_refusal import LoginRefusal
from custom_components.vision_hub.vendors.toolkit.session import (
    LoginSession,
    SessionEnded,
)


@dataclass
class Box:
    """A hub of one session, which the last login made."""

    logins: int = 0
    session: str = ""
    answers: list[VisionError | str] = field(default_factory=list)
    """What the next logins get; else a session."""
    ends_all: bool = False
    asked: list[str] = field(default_factory=list)

    async def login(self) -> str:
        self.logins += 1
        await asyncio.sleep(0)
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, VisionError):
                raise answer
            return answer
        self.session = f"s{self.logins}"
        return self.session

    async def ask(self, session: str) -> str:
        self.asked.append(session)
        await asyncio.sleep(0)
        if self.ends_all or session != self.session:
            raise SessionEnded
        return f"answer to {session}"

    def end(self) -> None:
        self.session = ""


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def session(box: Box) -> LoginSession:
    return LoginSession(box.login)


async def test_all_who_wait_share_one_login(box: Box, session: LoginSession) -> None:
    answers = await asyncio.gather(*(session.run(box.ask) for _ in range(5)))
    assert answers == ["answer to s1"] * 5
    assert box.logins == 1


async def test_all_whose_session_ended_share_one_login(
    box: Box, session: LoginSession
) -> None:
    await session.open()
    box.end()
    answers = await asyncio.gather(*(session.run(box.ask) for _ in range(5)))
    assert answers == ["answer to s2"] * 5
    assert box.logins == 2


async def test_who_hears_late_of_the_end_finds_the_new_session(
    box: Box, session: LoginSession
) -> None:
    old = await session.current()
    box.end()
    await session.run(box.ask)
    assert await session.renewed(old) == "s2"
    assert box.logins == 2


async def test_a_session_that_ends_at_once_is_told_and_not_used_again(
    box: Box, session: LoginSession
) -> None:
    await session.open()
    box.ends_all = True
    with pytest.raises(Busy):
        await session.run(box.ask)
    assert (box.asked, box.logins) == (["s1", "s2"], 2)
    box.ends_all = False
    assert await session.run(box.ask) == "answer to s3"
    assert box.asked[2:] == ["s3"]


async def test_another_request_keeps_the_session_that_it_opened(
    box: Box, session: LoginSession
) -> None:
    old = await session.current()
    await session.renewed(old)
    session.drop(old)
    assert await session.current() == "s2"


async def test_other_errors_end_no_session(box: Box, session: LoginSession) -> None:
    async def ask(session: str) -> None:
        raise RejectedByHub("7", "No")

    for _ in range(2):
        with pytest.raises(RejectedByHub):
            await session.run(ask)
    assert box.logins == 1


async def test_what_may_mean_the_end_is_tried_in_one_new_session(
    box: Box, session: LoginSession
) -> None:
    asked: list[str] = []

    async def ask(session: str) -> None:
        asked.append(session)
        raise RejectedByHub("7", "No")

    with pytest.raises(RejectedByHub):
        await session.run(ask, ended=(RejectedByHub, Busy))
    assert asked == ["s1", "s2"]
    # The refusal was none of the session, which lives on.
    assert await session.current() == "s2"


@pytest.mark.parametrize("error", [AuthenticationFailed("wrong"), LockedOut("locked")])
async def test_a_refused_password_is_not_sent_again(
    box: Box, session: LoginSession, error: AuthenticationFailed
) -> None:
    box.answers = [error]
    results = await asyncio.gather(
        *(session.run(box.ask) for _ in range(3)), return_exceptions=True
    )
    assert [(type(each), str(each)) for each in results] == [
        (type(error), str(error))
    ] * 3
    assert box.logins == 1
    await session.open()
    assert await session.run(box.ask) == "answer to s2"


@pytest.mark.parametrize(
    ("answer", "raised"),
    [(CannotConnect(), CannotConnect), ("", UnexpectedAnswer)],
)
async def test_a_login_that_failed_otherwise_is_tried_again(
    box: Box,
    session: LoginSession,
    answer: VisionError | str,
    raised: type[VisionError],
) -> None:
    box.answers = [answer]
    with pytest.raises(raised):
        await session.run(box.ask)
    assert await session.run(box.ask) == "answer to s2"


async def test_a_closed_session_is_returned_once_and_used_no_more(
    box: Box, session: LoginSession
) -> None:
    assert session.close() == ""
    await session.open()
    assert session.close() == "s1"
    assert session.close() == ""
    assert await session.run(box.ask) == "answer to s2"


def test_a_refusal_holds_until_it_is_forgotten() -> None:
    refusal = LoginRefusal()
    refusal.check()
    with pytest.raises(LockedOut), refusal.remembered():
        raise LockedOut("wait")
    with pytest.raises(LockedOut, match="wait"), refusal.remembered():
        pytest.fail("It was tried again")
    refusal.forget()
    refusal.check()
