"""A whole session on fakes: what is armed when, what is sealed, and how it ends. The real desktop has its own tests."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from overt.capture._backends._fake import FakeFrames, FakeHook
from overt.errors import StorageError
from overt.events.context import Absence, Context, Focus, NoContext
from overt.events.geometry import Rect
from overt.events.raw import RawButton, RawKey, RawMove, RawScroll
from overt.events.redacted import (
    Clicked,
    Moved,
    PageEntered,
    PageLeft,
    RedactedEvent,
    RedactedFrame,
    Scrolled,
    SessionFacts,
    Typed,
    Withheld,
)
from overt.events.verdict import DropReason, EndReason
from overt.focus._backends._fake import FakeFocus, a_context, a_field
from overt.format.age_read import decrypt
from overt.indicator._backends._fake import FakeIndicator
from overt.policy.signals import Signal
from overt.recorder.session import Session
from overt.recorder.setting import Desktop, Terms
from overt.recorder.view import GRACE_NS
from overt.recorder.writer import EpisodeWriter, OpenEpisode
from overt.unseal.content import read_content
from overt.verify import UnsafeAnyDevice, verify_episode

WIKI = "https://en.wikipedia.org/wiki/Lighthouse"
GOOGLE = "https://www.google.com/search?q=x"
ELSEWHERE = NoContext(absence=Absence.NOT_A_BROWSER, taken_ns=0)
SETTLED = 0.45
FACTS = SessionFacts(
    recorder_version="0",
    redactor_version="0",
    grant="0" * 32,
    notice_sha256="0" * 64,
    policy_sha256="0" * 64,
    purposes=("model_training",),
    signals=("text",),
    trial=False,
    started_on="2026-01-01",
    os_family="linux",
)


@dataclass
class Disk:
    """An episode file in memory that can be full."""

    parts: list[bytes] = field(default_factory=list)
    full: bool = False
    closed: bool = False
    logged: int = 0

    def append(self, data: bytes) -> None:
        if self.full:
            raise StorageError("cannot append to the episode: no space left on device")
        self.parts.append(data)

    def close(self) -> None:
        self.closed = True

    def log_close(self) -> None:
        self.logged += 1

    @property
    def data(self) -> bytes:
        return b"".join(self.parts)


class Rig:
    """A session on fakes, with what it wrote."""

    def __init__(
        self,
        desk: Any,
        *,
        signals: frozenset[Signal] = frozenset(Signal),
        focus: Focus = ELSEWHERE,
        excluded: frozenset[str] = frozenset(),
    ) -> None:
        self.desk = desk
        self.focus, self.hook, self.indicator = FakeFocus(focus), FakeHook(), FakeIndicator()
        self.disk = Disk()
        self.ends: EndReason | None = None
        self.opening = None
        self.writer = EpisodeWriter(
            started_ns=time.monotonic_ns(), facts=FACTS, begin=self._begin, now=time.monotonic_ns
        )
        self.session = Session(
            desktop=Desktop(focus=self.focus, hook=self.hook, frames=FakeFrames(), indicator=self.indicator),
            terms=Terms(sites=frozenset({"google", "wikipedia"}), excluded=excluded, signals=signals),
            warrant=lambda _armed: self.ends,
            writer=self.writer,
            now=time.monotonic_ns,
        )

    def _begin(self) -> OpenEpisode:
        sealer, self.opening = self.desk.begin()
        self.disk.append(self.opening.first)
        return OpenEpisode(episode_id=sealer.episode_id, sealer=sealer, file=self.disk, log_close=self.disk.log_close)

    def play(self, script: Callable[["Rig"], Awaitable[None]]) -> EndReason:
        async def story() -> EndReason:
            running = asyncio.create_task(self.session.run())
            await asyncio.sleep(0.05)
            await script(self)
            self.session.stop()
            return await asyncio.wait_for(running, 5)

        return asyncio.run(story())

    async def go(self, focus: Focus) -> None:
        self.focus.set(focus)
        await asyncio.sleep(0.05)

    async def write(self, text: str) -> None:
        for character in text:
            self.hook.push(RawKey(seq=0, at_ns=time.monotonic_ns(), pressed=True, text=character))
            await asyncio.sleep(0.01)

    @contextmanager
    def silence(self) -> Iterator[None]:
        """Let the browser answer nothing inside the block, and what it did before after it."""
        focus, generation = self.focus._focus, self.focus.generation
        self.focus.set(NoContext(absence=Absence.TIMEOUT, taken_ns=0), fire=False)
        yield
        self.focus.set(focus, fire=False)
        self.focus.generation = generation

    def press(self, name: str) -> None:
        self.hook.push(RawKey(seq=0, at_ns=time.monotonic_ns(), pressed=True, name=name))

    def click(self, x: int = 300, y: int = 300) -> None:
        for pressed in (True, False):
            self.hook.push(RawButton(seq=0, at_ns=time.monotonic_ns(), pressed=pressed, button="left", x=x, y=y))

    def content(self) -> list[RedactedEvent | RedactedFrame]:
        assert self.opening is not None
        share = decrypt(self.opening.shares["c"], [self.desk.vault.text]).decode().split()[-1]
        return list(read_content(self.disk.data, self.opening.keys, role_identity=self.desk.employee.text, share=share))

    def kept(self, kind: type) -> list:
        return [each for each in self.content() if isinstance(each, kind)]

    def account(self) -> int:
        tally, hook = self.session.tally, self.hook
        judged = tally.admitted + sum(tally.dropped.values())
        return judged + tally.released + tally.elsewhere + tally.unlooked + hook.forgotten + hook.lost


@pytest.fixture
def rig(desk: Any) -> Rig:
    return Rig(desk, signals=frozenset(Signal) - {Signal.SCREENSHOTS})


def wiki(**facts: object) -> Context:
    return a_context(WIKI, field=a_field(**facts))


def test_nothing_is_armed_or_written_where_no_allowlisted_page_has_the_focus(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        for focus in (ELSEWHERE, a_context("https://example.com/"), NoContext(absence=Absence.PRIVATE, taken_ns=0)):
            await rig.go(focus)
            await rig.write("canary")

    reason = rig.play(script)

    assert reason is EndReason.STOPPED
    assert (rig.hook.arms, rig.hook.seen, rig.indicator.shown) == (0, 0, [])
    assert rig.disk.data == b""
    assert rig.writer.episode_id is None


def test_text_typed_on_an_allowlisted_page_is_sealed_and_the_episode_closed(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        await rig.write("sea")
        await asyncio.sleep(SETTLED)

    rig.play(script)

    verdict = verify_episode(rig.disk.data, trust=UnsafeAnyDevice())
    assert verdict.state.value == "closed"
    assert [each.text for each in rig.kept(Typed)] == ["sea"]
    assert [each.area for each in rig.kept(PageEntered)] == ["wikipedia/article"]
    assert len(rig.kept(PageLeft)) == 1
    assert rig.disk.logged == 1


def test_the_hook_is_off_within_a_tenth_of_a_second_of_the_focus_leaving(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        assert rig.hook.armed
        assert rig.indicator.visible()
        await rig.go(ELSEWHERE)
        assert not rig.hook.armed
        assert not rig.indicator.visible()
        await rig.write("canary")

    rig.play(script)

    assert rig.hook.seen == 0


@pytest.mark.parametrize(
    "hop", [ELSEWHERE, a_context("https://example.com/"), a_context(WIKI, field=a_field(secret=True))]
)
def test_keys_typed_while_the_focus_was_away_for_a_moment_are_dropped_though_it_came_back(rig: Rig, hop: Focus) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        await rig.write("canary")
        await rig.go(hop)
        await rig.go(wiki())
        await asyncio.sleep(SETTLED)

    rig.play(script)

    assert rig.kept(Typed) == []


def test_a_password_leaves_one_visit_and_nothing_else(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki(key="pw", role="password text", input_type="password", secret=True, name="p", label="Word"))
        await rig.write("correct horse")
        await asyncio.sleep(SETTLED)

    rig.play(script)

    assert rig.kept(Typed) == []
    assert len(rig.kept(Withheld)) == 1
    assert rig.session.tally.dropped[DropReason.SECRET_FIELD] == len("correct horse")


def test_text_typed_before_the_focus_event_says_that_a_password_box_has_it_is_dropped(rig: Rig) -> None:
    """The event comes 32 ms after the Tab that caused it; what was typed in between went to the password box."""

    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        rig.press("tab")
        rig.hook.push(*(RawKey(seq=0, at_ns=time.monotonic_ns(), pressed=True, text=letter) for letter in "hunter2"))
        await asyncio.sleep(0.03)
        await rig.go(wiki(key="pw", role="password text", input_type="password", secret=True))
        await asyncio.sleep(SETTLED)

    rig.play(script)

    assert rig.kept(Typed) == []
    assert rig.session.tally.dropped[DropReason.SECRET_FIELD] == len("hunter2")


def test_the_last_letters_of_a_password_stay_secret_when_tab_follows_in_the_same_breath(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki(key="pw", role="password text", input_type="password", secret=True))
        rig.hook.push(*(RawKey(seq=0, at_ns=time.monotonic_ns(), pressed=True, text=letter) for letter in "er2"))
        rig.press("tab")
        rig.focus.set(wiki(key="next"))
        await asyncio.sleep(SETTLED)

    rig.play(script)

    assert rig.kept(Typed) == []


def test_a_click_that_leaves_for_another_site_is_kept_and_the_destination_is_not_named(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        rig.click()
        await asyncio.sleep(0.02)
        await rig.go(a_context("https://canary.example/secret-destination"))
        await asyncio.sleep(GRACE_NS / 1e9 + SETTLED)

    rig.play(script)

    assert len(rig.kept(Clicked)) == 1
    assert [each.off_list for each in rig.kept(PageLeft)] == [True]
    assert b"canary" not in b"".join(each.model_dump_json().encode() for each in rig.content())


def test_a_click_on_a_window_that_lies_above_the_page_is_nobodys_business(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        rig.focus.covered.append(Rect(x=290, y=290, width=50, height=50))
        rig.click()
        await asyncio.sleep(SETTLED)

    rig.play(script)

    assert rig.kept(Clicked) == []
    assert rig.session.tally.elsewhere == 1


def test_a_click_on_another_window_is_nobodys_business_in_the_last_moment_either(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        rig.focus.covered.append(Rect(x=290, y=290, width=50, height=50))
        rig.session.stop()
        rig.click()

    rig.play(script)

    assert rig.kept(Clicked) == []
    assert rig.session.tally.elsewhere == 1


def test_every_event_that_was_seen_is_accounted_for(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        await rig.write("lamp")
        rig.click()
        rig.press("tab")
        await rig.go(wiki(key="pw", role="password text", input_type="password", secret=True))
        await rig.write("secret")
        await asyncio.sleep(SETTLED)

    rig.play(script)

    assert rig.account() == rig.hook.seen


def test_what_was_queued_when_the_hook_was_disarmed_is_looked_at_by_nobody_and_counted(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        rig.press("tab")
        rig.session.pause(paused=True)
        await asyncio.sleep(SETTLED)

    rig.play(script)

    assert (rig.hook.seen, rig.hook.forgotten) == (1, 1)
    assert rig.account() == rig.hook.seen


def test_withdrawal_ends_the_session_and_what_was_held_is_gone(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        await rig.write("held text")
        rig.ends = EndReason.WITHDRAWN
        await asyncio.sleep(1.0)
        assert rig.hook.closed, "a withdrawal takes effect within a second"

    reason = rig.play(script)

    assert reason is EndReason.WITHDRAWN
    assert rig.kept(Typed) == []
    assert verify_episode(rig.disk.data, trust=UnsafeAnyDevice()).state.value == "closed"


def test_an_indicator_that_cannot_be_seen_keeps_the_hook_off_and_ends_the_session(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        rig.indicator.covered = True
        await rig.go(wiki())
        await rig.write("canary")
        await asyncio.sleep(2.0)

    reason = rig.play(script)

    assert reason is EndReason.INDICATOR_LOST
    assert (rig.hook.arms, rig.hook.seen) == (0, 0)


def test_an_indicator_that_vanishes_takes_the_hook_with_it(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        assert rig.hook.armed
        rig.indicator.covered = True
        await asyncio.sleep(0.7)
        assert not rig.hook.armed

    rig.play(script)


def test_a_full_disk_ends_the_session_with_its_reason(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        rig.disk.full = True
        await rig.write("text")
        await rig.go(a_context(GOOGLE))
        await asyncio.sleep(1.2)

    reason = rig.play(script)

    assert reason is EndReason.STORAGE
    assert isinstance(rig.session.problem, StorageError)
    assert rig.disk.closed
    assert verify_episode(rig.disk.data, trust=UnsafeAnyDevice()).state.value == "open"


def test_a_display_that_goes_away_ends_the_session(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        rig.hook.die()
        rig.indicator.alive = False
        await asyncio.sleep(0.6)

    assert rig.play(script) is EndReason.DESKTOP_LOST


def test_a_page_has_its_picture_before_the_first_act_on_it(desk: Any) -> None:
    rig = Rig(desk)

    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        await asyncio.sleep(1.0)
        rig.click()
        await asyncio.sleep(SETTLED)

    rig.play(script)

    kinds = [type(each) for each in rig.content()]
    assert kinds.index(RedactedFrame) < kinds.index(Clicked)


def test_a_frame_whose_masks_are_unknown_is_not_taken(desk: Any) -> None:
    rig = Rig(desk)

    async def script(rig: Rig) -> None:
        rig.focus.boxes = None
        await rig.go(wiki())
        await asyncio.sleep(0.8)

    rig.play(script)

    assert rig.kept(RedactedFrame) == []


def test_without_the_screenshots_signal_no_picture_is_taken(desk: Any) -> None:
    rig = Rig(desk, signals=frozenset({Signal.TEXT}))

    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        await asyncio.sleep(0.8)

    rig.play(script)

    assert rig.kept(RedactedFrame) == []


def test_a_text_that_lost_a_key_says_so(rig: Rig) -> None:
    """A loaded machine exported "lightuse keeper" as if somebody had typed that."""

    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        await rig.write("light")
        rig.hook.push(RawKey(seq=0, at_ns=time.monotonic_ns() - 400_000_000, pressed=True, text="h"))
        rig.focus.set(wiki())
        await asyncio.sleep(0.05)
        await rig.write("ouse")
        await asyncio.sleep(SETTLED)

    rig.play(script)

    assert rig.session.tally.dropped[DropReason.LATE] == 1
    assert [each.incomplete for each in rig.kept(Typed)] == [True] * len(rig.kept(Typed))
    assert rig.kept(Typed)


def test_a_text_typed_while_the_browser_did_not_answer_says_so(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        await rig.write("light house")
        await asyncio.sleep(SETTLED)
        with rig.silence():
            rig.focus.fire()
            await asyncio.sleep(0.8)
            assert not rig.hook.armed
        await rig.go(wiki())
        await rig.write(" and more")
        await asyncio.sleep(SETTLED)

    rig.play(script)

    assert all(each.incomplete for each in rig.kept(Typed))


def test_a_whole_text_is_not_called_incomplete(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        await rig.write("light house")
        await asyncio.sleep(SETTLED)

    rig.play(script)

    assert [(each.text, each.incomplete) for each in rig.kept(Typed)] == [("light house", False)]


def test_a_key_waits_for_a_browser_that_does_not_answer_at_once(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        await rig.write("lamp")
        rig.focus.set(NoContext(absence=Absence.TIMEOUT, taken_ns=0), fire=False)
        await asyncio.sleep(0.6)
        await rig.go(wiki())
        await asyncio.sleep(SETTLED)

    rig.play(script)

    assert rig.session.tally.admitted == len("lamp")
    assert not rig.session.tally.dropped


def test_keys_typed_while_the_browser_is_silent_for_a_moment_are_kept_whole(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        await rig.write("light ")
        with rig.silence():
            await rig.write("house keeper")
            await asyncio.sleep(0.2)
        await asyncio.sleep(SETTLED)

    rig.play(script)

    assert [(each.text, each.incomplete) for each in rig.kept(Typed)] == [("light house keeper", False)]


def test_keys_typed_while_the_browser_was_silent_go_to_no_page_that_came_meanwhile(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        rig.focus.set(NoContext(absence=Absence.TIMEOUT, taken_ns=0), fire=False)
        await rig.write("canary")
        await rig.go(a_context("https://example.com/", field=a_field()))
        await asyncio.sleep(SETTLED)

    rig.play(script)

    assert rig.kept(Typed) == []


def test_a_text_is_whole_when_its_page_is_left_through_a_moment_without_any(rig: Rig) -> None:
    """A page that loads has no document for some milliseconds, and the text before it was called incomplete."""

    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        await rig.write("light house")
        await asyncio.sleep(SETTLED)
        rig.press("enter")
        await asyncio.sleep(0.02)
        await rig.go(NoContext(absence=Absence.NO_DOCUMENT, taken_ns=0))
        await rig.go(a_context(GOOGLE))
        await asyncio.sleep(SETTLED)

    rig.play(script)

    assert [(each.text, each.incomplete) for each in rig.kept(Typed)] == [("light house", False)]


def test_a_click_says_what_it_hit(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        rig.focus.hits[(300, 300)] = ("link", "Fresnel lens", Rect(x=290, y=290, width=60, height=20))
        rig.click()
        await asyncio.sleep(SETTLED)

    rig.play(script)

    (clicked,) = rig.kept(Clicked)
    assert (clicked.target.role, clicked.target.name) == ("link", "Fresnel lens")


@pytest.mark.parametrize(
    "focus",
    [
        NoContext(absence=Absence.PRIVATE, taken_ns=0),
        NoContext(absence=Absence.NOT_A_BROWSER, taken_ns=0),
        a_context("https://canary.example/"),
        a_context("https://canary.example/", WIKI),
    ],
)
def test_the_status_says_not_where_else_the_focus_is(rig: Rig, focus: Focus) -> None:
    """A redirected status line said that a private window had been in front."""
    seen = []

    async def script(rig: Rig) -> None:
        await rig.go(focus)
        seen.append(rig.session.status())

    rig.play(script)

    assert [(each.armed, each.area, each.why_not) for each in seen] == [(False, "", "elsewhere")]


def test_the_status_says_what_the_person_can_mend(rig: Rig) -> None:
    seen = []

    async def script(rig: Rig) -> None:
        await rig.go(NoContext(absence=Absence.NO_ACCESSIBLE, taken_ns=0))
        seen.append(rig.session.status().why_not)

    rig.play(script)

    assert seen == ["no_accessible"]


@pytest.mark.parametrize("ends", [reason for reason in EndReason if reason.ends_consent], ids=str)
def test_when_consent_ends_what_was_held_is_gone_and_the_episode_says_why(rig: Rig, ends: EndReason) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        await rig.write("held")
        rig.ends = ends
        await rig.write("never")
        await asyncio.sleep(0.6)

    reason = rig.play(script)

    assert reason is ends
    assert rig.kept(Typed) == []
    assert verify_episode(rig.disk.data, trust=UnsafeAnyDevice()).end_reason == ends.value


@pytest.mark.parametrize("ends", [EndReason.OUTSIDE_HOURS, EndReason.DAILY_CAP])
def test_when_a_limit_is_reached_what_came_before_it_is_kept_and_nothing_after(rig: Rig, ends: EndReason) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        await rig.write("before")
        await asyncio.sleep(SETTLED)
        rig.ends = ends
        await rig.write("after")
        await asyncio.sleep(0.6)

    reason = rig.play(script)

    assert reason is ends
    assert [each.text for each in rig.kept(Typed)] == ["before"]


def test_the_hook_is_off_although_a_slow_disk_keeps_the_session_waiting(rig: Rig) -> None:
    """The end of consent was looked for between two flushes only, and a disk may take seconds for one."""

    async def slow(*_words: object, **_more: object) -> None:
        rig.ends = EndReason.WITHDRAWN
        await asyncio.sleep(1.5)

    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        rig.writer.flush = slow
        await rig.go(a_context(GOOGLE))
        await asyncio.sleep(1.0)
        assert rig.ends is EndReason.WITHDRAWN
        assert not rig.hook.armed
        assert not rig.indicator.visible()
        await asyncio.sleep(1.0)

    assert rig.play(script) is EndReason.WITHDRAWN


def test_while_the_person_pauses_nothing_is_armed_and_the_episode_only_shows_that_the_page_was_left(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        await rig.write("before")
        await asyncio.sleep(SETTLED)
        rig.session.pause(paused=True)
        assert not rig.hook.armed
        assert not rig.indicator.visible()
        await asyncio.sleep(GRACE_NS / 1e9 + 0.6)
        assert rig.session.status().why_not == "paused"
        await rig.write("canary")
        rig.session.pause(paused=False)
        await asyncio.sleep(0.1)
        assert rig.hook.armed
        await rig.write("after")
        await asyncio.sleep(SETTLED)

    rig.play(script)

    assert [each.text for each in rig.kept(Typed)] == ["before", "after"]
    assert [type(each).__name__ for each in rig.kept(PageEntered) + rig.kept(PageLeft)] == [
        *("PageEntered", "PageEntered", "PageLeft", "PageLeft")
    ]
    assert b"pause" not in b"".join(each.model_dump_json().encode() for each in rig.content())


def test_a_pause_lasts_however_often_the_focus_moves(rig: Rig) -> None:
    async def script(rig: Rig) -> None:
        rig.session.pause(paused=True)
        for focus in (wiki(), ELSEWHERE, a_context(GOOGLE), wiki()):
            await rig.go(focus)
            await rig.write("canary")

    rig.play(script)

    assert (rig.hook.arms, rig.hook.seen, rig.disk.data) == (0, 0, b"")


@pytest.mark.parametrize("uris", [(WIKI,), (WIKI, GOOGLE)], ids=["the page itself", "a frame inside an open page"])
def test_nothing_is_armed_in_an_area_that_the_policy_leaves_out(desk: Any, uris: tuple[str, ...]) -> None:
    rig = Rig(desk, excluded=frozenset({"wikipedia/article"}))

    async def script(rig: Rig) -> None:
        await rig.go(a_context(*uris, field=a_field()))
        await rig.write("canary")

    rig.play(script)

    assert (rig.hook.arms, rig.hook.seen, rig.disk.data) == (0, 0, b"")


@pytest.mark.parametrize("off", [Signal.TEXT, Signal.CLICKS, Signal.SCROLLS, Signal.MOVES, Signal.SCREENSHOTS])
def test_a_signal_that_is_off_leaves_nothing_of_its_kind(desk: Any, off: Signal) -> None:
    rig = Rig(desk, signals=frozenset(Signal) - {off})
    kinds = {
        Signal.TEXT: Typed,
        Signal.CLICKS: Clicked,
        Signal.SCROLLS: Scrolled,
        Signal.MOVES: Moved,
        Signal.SCREENSHOTS: RedactedFrame,
    }

    async def script(rig: Rig) -> None:
        await rig.go(wiki())
        await asyncio.sleep(SETTLED)
        await rig.write("lamp")
        rig.click()
        now = time.monotonic_ns()
        rig.hook.push(RawScroll(seq=0, at_ns=now, x=300, y=300, dx=0, dy=-1))
        rig.hook.push(RawMove(seq=0, at_ns=now, x=310, y=310))
        await asyncio.sleep(SETTLED + 1.0)

    rig.play(script)

    assert {signal for signal, kind in kinds.items() if not rig.kept(kind)} == {off}
