"""The input hook on a real X server: nothing while disarmed, everything while armed, never silently dead."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest
from Xlib import XK, X
from Xlib import display as xlib_display
from Xlib.ext import xtest

from overt.capture._backends._x11 import X11Hook
from overt.demo import programs
from overt.demo.desktop import PrivateDesktop
from overt.errors import DesktopError
from overt.events.raw import RawButton, RawEvent, RawKey, RawMove, RawScroll

pytestmark = pytest.mark.desktop

SHIFT_CODE, ALTGR_CODE, CAPS_CODE, NUM_CODE = 50, 92, 66, 77


class Hand:
    """Generates input with XTEST, each act finished at the server when its method returns."""

    def __init__(self, name: str) -> None:
        self.display: Any = xlib_display.Display(name)

    def code(self, symbol: str) -> int:
        return int(self.display.keysym_to_keycode(XK.string_to_keysym(symbol)))

    def strike(self, code: int, *held: int) -> None:
        for each in (*held, code):
            xtest.fake_input(self.display, X.KeyPress, each)
        for each in (code, *reversed(held)):
            xtest.fake_input(self.display, X.KeyRelease, each)
        self.display.sync()

    def type(self, text: str) -> None:
        for character in text:
            symbol = ord(character)
            code = self.display.keysym_to_keycode(symbol)
            shifted = self.display.keycode_to_keysym(code, 0) != symbol
            self.strike(code, *([SHIFT_CODE] if shifted else []))

    def button(self, number: int) -> None:
        xtest.fake_input(self.display, X.ButtonPress, number)
        xtest.fake_input(self.display, X.ButtonRelease, number)
        self.display.sync()

    def move(self, x: int, y: int) -> None:
        xtest.fake_input(self.display, X.MotionNotify, x=x, y=y)
        self.display.sync()


@pytest.fixture
def hand(desktop: PrivateDesktop) -> Iterator[Hand]:
    made = Hand(desktop.display)
    made.strike(SHIFT_CODE)  # the first key of a device makes the server announce its mapping
    yield made
    made.display.close()


@pytest.fixture
def hook_with(desktop: PrivateDesktop, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., X11Hook]]:
    monkeypatch.setenv("DISPLAY", desktop.display)
    made: list[X11Hook] = []

    def start(*, moves: bool = False, capacity: int = 8192, wake: Callable[[], None] = bool) -> X11Hook:
        hook = X11Hook(desktop.display, moves=moves, capacity=capacity)
        made.append(hook)
        hook.start(wake)
        return hook

    yield start
    for hook in made:
        hook.close()


@pytest.fixture
def hook(hook_with: Callable[..., X11Hook]) -> X11Hook:
    return hook_with()


def collected(hook: X11Hook, count: int) -> list[RawEvent]:
    events: list[RawEvent] = []
    programs.wait_until(lambda: len(events.extend(hook.drain()) or events) >= count, f"{count} events", 5.0)
    return events


def typed(events: list[RawEvent]) -> str:
    return "".join(event.text or f"<{event.name}>" for event in events if isinstance(event, RawKey) and event.pressed)


def test_text_with_shift_and_symbols_arrives_as_typed(hook: X11Hook, hand: Hand) -> None:
    text = 'Hello, World! 1+1=2 @#$%^&*() ~`{}|"<>?/\\'
    hook.arm()

    hand.type(text)
    hand.strike(hand.code("Return"))
    events: list[RawEvent] = []
    while "<enter>" not in typed(events):
        events += collected(hook, 1)
    keys = [event for event in events if isinstance(event, RawKey) and event.text]

    assert "".join(key.text or "" for key in keys if key.pressed) == text
    assert "".join(key.text or "" for key in keys if not key.pressed) == text
    assert [event.seq for event in events] == list(range(1, len(events) + 1))


def test_keys_without_text_have_pyautoguis_names(hook: X11Hook, hand: Hand) -> None:
    symbols = ("Return", "Tab", "BackSpace", "Delete", "Left", "Page_Up", "Escape", "F5", "Home", "Super_L")
    hook.arm()

    for symbol in symbols:
        hand.strike(hand.code(symbol))

    names = "<enter><tab><backspace><delete><left><pageup><esc><f5><home><winleft>"
    assert typed(collected(hook, 2 * len(symbols))) == names


def test_held_modifiers_are_known_even_if_they_went_down_before_the_arming(hook: X11Hook, hand: Hand) -> None:
    control = hand.code("Control_L")
    xtest.fake_input(hand.display, X.KeyPress, control)
    hand.display.sync()
    hook.arm()

    hand.strike(hand.code("c"))
    xtest.fake_input(hand.display, X.KeyRelease, control)
    hand.display.sync()
    events = collected(hook, 3)

    assert isinstance(events[0], RawKey)
    assert (events[0].text, events[0].modifiers) == ("c", {"ctrl"})


def test_caps_lock_and_num_lock_change_what_is_typed(hook: X11Hook, hand: Hand) -> None:
    hand.strike(CAPS_CODE)
    hand.strike(NUM_CODE)
    hook.arm()

    for code in (hand.code("a"), hand.code("2"), hand.code("KP_Home")):
        hand.strike(code)
    events = collected(hook, 6)
    hook.disarm()
    hand.strike(CAPS_CODE)
    hand.strike(NUM_CODE)

    assert typed(events) == "A27"


def test_a_change_of_layout_while_armed_is_followed(hook: X11Hook, hand: Hand, desktop: PrivateDesktop) -> None:
    """German: AltGr+q is @, z and y have changed places, and a dead acute composes."""
    hook.arm()
    try:
        subprocess.run(["setxkbmap", "de"], env=desktop.env, check=True)
        hand.strike(24, ALTGR_CODE)
        hand.strike(29)
        hand.strike(21)
        hand.strike(26)
        events = collected(hook, 10)
    finally:
        subprocess.run(["setxkbmap", "us"], env=desktop.env, check=True)

    assert typed(events) == "<altright>@z<dead>é"


def test_the_second_of_two_layouts_is_read(hook: X11Hook, hand: Hand, desktop: PrivateDesktop) -> None:
    """The layout's number is in every event's state; no message says that it changed."""
    hook.arm()
    try:
        subprocess.run(["setxkbmap", "us,ru", "-option", "grp:menu_toggle"], env=desktop.env, check=True)
        hand.strike(38)
        hand.strike(135)
        hand.strike(38)
        hand.strike(135)
        events = collected(hook, 8)
    finally:
        subprocess.run(["setxkbmap", "us", "-option", ""], env=desktop.env, check=True)

    assert typed(events) == "a<unknown>ф<unknown>"


def test_buttons_and_wheel_have_names_and_places_and_motion_is_not_asked_for(hook: X11Hook, hand: Hand) -> None:
    hand.move(300, 200)
    hook.arm()
    before = hook.received

    for step in range(50):
        hand.move(300 + step, 200)
    moved = hook.received - before
    for number in (1, 2, 3, 8, 9, 4, 5, 6, 7):
        hand.button(number)
    events = collected(hook, 14)

    buttons = [event for event in events if isinstance(event, RawButton)]
    turns = [event for event in events if isinstance(event, RawScroll)]
    assert moved == 0
    assert [b.button for b in buttons if b.pressed] == ["left", "middle", "right", "back", "forward"]
    assert [b.button for b in buttons if not b.pressed] == [b.button for b in buttons if b.pressed]
    assert {(event.x, event.y) for event in (*buttons, *turns)} == {(349, 200)}
    assert [(turn.dx, turn.dy) for turn in turns] == [(0, 1), (0, -1), (-1, 0), (1, 0)]


def test_moves_that_were_asked_for_come_ten_a_second(hook_with: Callable[..., X11Hook], hand: Hand) -> None:
    hook = hook_with(moves=True)
    hook.arm()

    begin = time.monotonic()
    while time.monotonic() < begin + 1.0:
        hand.move(100 + int((time.monotonic() - begin) * 400), 100)
        time.sleep(0.004)
    moves = [event for event in hook.drain() if isinstance(event, RawMove)]

    assert 5 <= len(moves) <= 11
    assert all(later.at_ns - sooner.at_ns >= 99_000_000 for sooner, later in pairwise(moves))


def test_no_byte_reaches_the_process_while_disarmed_even_after_silence(
    hook: X11Hook, hand: Hand, desktop: PrivateDesktop
) -> None:
    """Defect of pynput's listener: stopped on a quiet desktop, it still received the next key."""
    terminal = desktop.launch(["xterm", "-title", "elsewhere"], "xterm")
    try:
        time.sleep(1.0)
        hook.arm()
        hand.type("seen")
        collected(hook, 8)
        hook.disarm()
        before = (hook.received, hook.seen)
        time.sleep(1.0)

        hand.type("secret elsewhere")
        hand.button(1)
        time.sleep(0.3)

        assert (hook.received, hook.seen) == before
        assert hook.drain() == []
    finally:
        programs.end(terminal)


def test_two_hundred_armings_see_what_is_typed_while_armed_and_nothing_else(hook: X11Hook, hand: Hand) -> None:
    code, seen = hand.code("x"), 0
    for cycle in range(1, 201):
        before = hook.received
        hand.strike(code)
        assert hook.received == before

        hook.arm()
        hand.strike(code)
        seen += len(collected(hook, 2))
        hook.disarm()
        assert (hook.seen, hook.lost, hook.drain()) == (2 * cycle, 0, [])

    assert seen == 400


def test_disarming_empties_the_queue(hook: X11Hook, hand: Hand) -> None:
    hook.arm()
    hand.type("abc")
    programs.wait_until(lambda: hook.pending, "an event")

    hook.disarm()

    assert (hook.pending, hook.drain(), hook.armed) == (False, [], False)


def test_at_a_thousand_events_a_second_all_are_seen_and_none_is_lost(
    hook_with: Callable[..., X11Hook], hand: Hand
) -> None:
    hook, taken = hook_with(), []
    hook.arm()

    begin = time.monotonic()
    for burst in range(150):
        for _ in range(10):
            hand.strike(38)
        taken += hook.drain()
        time.sleep(max(0.0, begin + (burst + 1) * 0.02 - time.monotonic()))
    time.sleep(0.2)
    taken += hook.drain()

    assert (hook.seen, len(taken), hook.lost) == (3000, 3000, 0)
    assert [event.seq for event in taken] == list(range(1, 3001))


def test_what_does_not_fit_is_counted(hook_with: Callable[..., X11Hook], hand: Hand) -> None:
    hook = hook_with(capacity=100)
    hook.arm()

    for _ in range(200):
        hand.strike(38)
    programs.wait_until(lambda: hook.seen == 400, "all events")

    assert (len(hook.drain()), hook.lost) == (100, 300)


def test_the_session_is_woken_once_per_waiting_queue(hook_with: Callable[..., X11Hook], hand: Hand) -> None:
    woken = threading.Semaphore(0)
    hook = hook_with(wake=woken.release)
    hook.arm()

    hand.type("a")
    first = woken.acquire(timeout=2.0)
    hook.drain()
    hand.type("b")
    second = woken.acquire(timeout=2.0)

    assert (first, second) == (True, True)


def test_a_callback_that_fails_or_says_false_does_not_stop_the_hook(
    hook_with: Callable[..., X11Hook], hand: Hand, capfd: pytest.CaptureFixture[str]
) -> None:
    """Defect of pynput's listener: a callback that returned False stopped it in silence."""
    answers = iter([False, None])

    def wake() -> bool | None:
        return next(answers)

    hook = hook_with(wake=wake)
    hook.arm()

    for text in ("a", "b", "c", "d"):
        hand.type(text)
        assert typed(collected(hook, 2)) == text
    assert capfd.readouterr().err == ""


def test_an_event_that_cannot_be_read_is_counted_as_lost_and_printed_nowhere(
    hook: X11Hook, hand: Hand, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("hunter2")

    assert hook._receiver is not None
    monkeypatch.setattr(hook._receiver._translator, "_key", fail)
    hook.arm()

    hand.type("ab")
    hand.button(1)
    events = collected(hook, 2)

    assert [type(event) for event in events] == [RawButton, RawButton]
    assert (hook.seen, hook.lost, hook.alive, capfd.readouterr().err) == (6, 4, True, "")


@pytest.mark.parametrize("armed", [True, False])
def test_a_display_that_dies_is_noticed_at_once(armed: bool, tmp_path_factory: pytest.TempPathFactory) -> None:
    """In a process of its own, which must print nothing and end in time."""
    with PrivateDesktop(tmp_path_factory.mktemp("doomed")) as doomed:
        code = DYING.format(armed=armed, server=doomed._processes[0].pid, display=doomed.display)
        run = subprocess.run(
            [sys.executable, "-c", code], env=doomed.env, capture_output=True, text=True, timeout=30, check=False
        )

    assert (run.returncode, run.stdout.split(), run.stderr) == (0, ["woken", "dead", "refused", "closed"], "")


DYING = """
import os, signal, threading, time
from overt.capture._backends._x11 import X11Hook
from overt.capture._backends._mss import MssFrames
from overt.errors import DesktopError
from overt.events.geometry import Rect

woken = threading.Event()
frames = MssFrames({display!r})
hook = X11Hook({display!r}, moves=True)
hook.start(woken.set)
if {armed}:
    hook.arm()
os.kill({server}, signal.SIGKILL)
print("woken" if woken.wait(3.0) else "asleep")
print("dead" if not hook.alive and not hook.armed else "alive")
try:
    hook.arm()
except DesktopError:
    try:
        frames.grab(Rect(x=0, y=0, width=9, height=9))
    except DesktopError:
        print("refused")
hook.disarm()
hook.close()
hook.close()
frames.close()
frames.close()
print("closed")
"""


def test_a_server_that_does_not_answer_cannot_hold_the_hook_up(tmp_path_factory: pytest.TempPathFactory) -> None:
    with PrivateDesktop(tmp_path_factory.mktemp("stuck")) as stuck:
        code = STUCK.format(server=stuck._processes[0].pid, display=stuck.display)
        run = subprocess.run(
            [sys.executable, "-c", code], env=stuck.env, capture_output=True, text=True, timeout=30, check=False
        )

    assert (run.returncode, run.stdout.split(), run.stderr) == (0, ["disarmed", "closed"], "")


STUCK = """
import os, signal, time
from overt.capture._backends._x11 import X11Hook

hook = X11Hook({display!r}, moves=False)
hook.start(bool)
hook.arm()
os.kill({server}, signal.SIGSTOP)
begin = time.monotonic()
hook.disarm()
print("disarmed" if not hook.armed and not hook.alive and time.monotonic() - begin < 4.0 else "stuck")
hook.close()
print("closed" if time.monotonic() - begin < 6.0 else "late")
os.kill({server}, signal.SIGCONT)
"""


def test_a_closed_hook_is_closed_twice_and_never_armed_again(hook: X11Hook) -> None:
    hook.arm()

    hook.close()
    hook.close()

    with pytest.raises(DesktopError, match="lost its display"):
        hook.arm()
    assert not [thread for thread in threading.enumerate() if thread.name == "overt-hook"]
