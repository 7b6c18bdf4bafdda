"""The focus source tells window, page and field of a real Chromium, and says no whenever it cannot."""

import asyncio
import contextlib
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from overt.demo import browser as browser_flags
from overt.demo import programs
from overt.demo.browser import Chromium
from overt.demo.desktop import PrivateDesktop
from overt.demo.pages import elsewhere, linkedin
from overt.demo.person import Person
from overt.demo.site import LocalSite
from overt.events.context import Absence, Context, FieldInfo, Focus, NoContext
from overt.events.geometry import Rect
from overt.focus._backends._x11 import X11Focus

pytestmark = pytest.mark.desktop

Browser = Callable[[str], Chromium]
T = TypeVar("T")

HOST = "en.wikipedia.org"
FIELDS = """<!doctype html><title>Fields</title><h1 id=head>Fields</h1><form onsubmit="return false">
<label for=plain>Search words</label><input id=plain name=search type=search>
<label for=pin>Pass phrase</label><input id=pin name=pwd type=password>
<button id=show type=button onclick="pin.type = pin.type == 'text' ? 'password' : 'text'">Show</button>
<input id=masked aria-label=Masked style="-webkit-text-security: disc">
<textarea id=area aria-label=Area></textarea>
<p><a id=away href="https://shop.example.net/lamps">away</a> <a id=push href="#"
onclick="history.pushState({}, '', '/wiki/Pushed'); return false">push</a></p>
<select id=choice aria-label=Choice><option>one<option>two<option>three</select></form>"""
TALL = f"{FIELDS}<div style='height: 3000px'></div><input id=last aria-label=Last><div style='height: 900px'></div>"


class Follower:
    """A focus source on a loop of its own thread, so that the person can act while it follows."""

    def __init__(self, display: str, session_bus: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.source = X11Focus(display=display, session_bus=session_bus)
        self.changed: list[int] = []
        self.run(self.source.start())
        self.source.on_change(lambda: self.changed.append(time.monotonic_ns()))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def check(self) -> Focus:
        return self.run(self.source.check())

    def context(self) -> Context:
        return self.until(lambda each: isinstance(each, Context))  # type: ignore[return-value]

    def field(self, html_id: str) -> FieldInfo:
        found = self.until(lambda each: id_of(each) == html_id)
        assert isinstance(found, Context)
        assert found.field is not None
        return found.field

    def absence(self, *absences: Absence) -> NoContext:
        return self.until(  # type: ignore[return-value]
            lambda each: isinstance(each, NoContext) and each.absence in absences
        )

    def until(self, holds: Callable[[Focus], bool], seconds: float = 5.0) -> Focus:
        deadline = time.monotonic() + seconds
        while not holds(found := self.check()):
            assert time.monotonic() < deadline, f"waited in vain; last: {told(found)}"
            time.sleep(0.01)
        return found

    def close(self) -> None:
        self.run(self.source.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


def told(focus: Focus) -> str:
    if isinstance(focus, NoContext):
        return focus.absence.value
    return f"{[each.uri for each in focus.documents]} {focus.field and (focus.field.role, focus.field.html_id)}"


def id_of(focus: Focus) -> str | None:
    return focus.field.html_id if isinstance(focus, Context) and focus.field is not None else None


def page_of(focus: Focus) -> str:
    return focus.page.uri if isinstance(focus, Context) else ""


@contextlib.contextmanager
def following(desktop: PrivateDesktop) -> Iterator[Follower]:
    made = Follower(desktop.display, desktop.env["DBUS_SESSION_BUS_ADDRESS"])
    try:
        yield made
    finally:
        made.close()


@pytest.fixture
def follower(desktop: PrivateDesktop) -> Iterator[Follower]:
    with following(desktop) as made:
        yield made


@pytest.fixture
def fields(site: LocalSite) -> str:
    site.add(HOST, "/wiki/Fields", FIELDS)
    site.add(HOST, "/wiki/Pushed", FIELDS)
    site.add(HOST, "/wiki/Tall", TALL)
    return f"https://{HOST}/wiki/Fields"


# Page and field


def test_a_page_is_known_by_its_own_address_and_box(
    browser: Browser, person: Person, follower: Follower, fields: str
) -> None:
    browser(fields)

    found = follower.context()
    person.click_on("head")
    seen = person.latest(fields)

    assert [each.uri for each in found.documents] == [fields]
    assert found.title == "Fields"
    assert found.window.browser == "chromium"
    assert found.page.rect == seen.content


def test_a_source_that_starts_before_the_browser_finds_it(browser: Browser, follower: Follower, fields: str) -> None:
    assert isinstance(follower.check(), NoContext)

    browser(fields)

    assert page_of(follower.context()) == fields


def test_a_field_tells_what_it_is(browser: Browser, person: Person, follower: Follower, fields: str) -> None:
    browser(fields)

    person.click_on("plain")
    found = follower.field("plain")
    person.click_on("area")
    area = follower.field("area")

    assert (found.role, found.input_type, found.tag, found.name) == ("entry", "search", "input", "search")
    assert found.label == "Search words"
    assert found.editable
    assert not found.multiline
    assert not found.secret
    assert near(found.rect, person.latest(fields).boxes["plain"])
    assert area.multiline
    assert area.key != found.key


def test_a_field_far_down_a_scrolled_page_is_where_it_is_drawn(
    browser: Browser, person: Person, follower: Follower, fields: str
) -> None:
    browser(fields.replace("Fields", "Tall"))
    person.click_on("choice")
    person.press("esc")

    person.press("tab")
    found = follower.field("last")
    seen = person.until(lambda each: each.scroll[1] > 0 and each.focus == "last", "the page to scroll")
    page = follower.context().page

    assert near(found.rect, seen.boxes["last"])
    assert page.rect == seen.content


def test_the_page_itself_has_no_field(browser: Browser, person: Person, follower: Follower, fields: str) -> None:
    browser(fields)
    person.click_on("plain")
    follower.field("plain")

    person.click_on("head")

    follower.until(lambda each: isinstance(each, Context) and each.field is None)


def test_a_password_is_secret_and_so_are_fields_that_show_bullets(
    browser: Browser, person: Person, follower: Follower, fields: str
) -> None:
    browser(fields)

    person.click_on("pin")
    pin = follower.field("pin")
    person.click_on("masked")
    follower.field("masked")
    person.type("ab")
    follower.until(lambda each: id_of(each) == "masked" and each.field.secret)  # type: ignore[union-attr]
    person.click_on("plain")
    plain = follower.field("plain")

    assert pin.secret
    assert pin.role == "password text"
    assert not plain.secret


@pytest.mark.parametrize("visited", [True, False], ids=["typed in before", "never entered before"])
def test_a_shown_password_stays_secret(
    browser: Browser, person: Person, follower: Follower, fields: str, visited: bool
) -> None:
    browser(fields)
    follower.context()
    if visited:
        person.click_on("pin")
        follower.field("pin")

    person.click_on("show")
    follower.field("show")
    person.click_on("pin")
    shown = follower.until(lambda each: id_of(each) == "pin" and each.field.input_type == "text")  # type: ignore[union-attr]

    assert isinstance(shown, Context)
    assert shown.field is not None
    assert shown.field.role == "entry"
    assert shown.field.secret


def test_boxes_are_pixels_on_a_screen_of_twice_the_density(
    browser: Browser, person: Person, follower: Follower, fields: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chromium tells its window's box in larger units there, and its page's in pixels."""
    kept = [each for each in browser_flags._FLAGS if "scale-factor" not in each and "window-" not in each]
    dense = ("--force-device-scale-factor=2", "--window-position=40,30", "--window-size=540,340")
    monkeypatch.setattr(browser_flags, "_FLAGS", (*kept, *dense))
    browser(fields)
    follower.context()

    person.press("tab")
    follower.field("plain")
    person.move(600, 600)
    person.move(602, 600)
    seen = person.until(lambda each: each.exact, "the page to see the pointer")
    # The window is laid out more than once before it stays.
    follower.until(lambda each: isinstance(each, Context) and near(each.page.rect, doubled(seen.content)))

    assert near(follower.field("plain").rect, doubled(seen.boxes["plain"]))


def doubled(box: Rect) -> Rect:
    return Rect(x=box.x * 2, y=box.y * 2, width=box.width * 2, height=box.height * 2)


# Pages that change


def test_a_pushed_address_is_read_at_once(browser: Browser, person: Person, follower: Follower, fields: str) -> None:
    browser(fields)
    follower.context()

    person.click_on("push")
    began = time.monotonic()
    follower.until(lambda each: page_of(each).endswith("/wiki/Pushed"))

    assert time.monotonic() - began < 1.0


def test_a_page_that_was_left_is_not_believed(
    browser: Browser, person: Person, follower: Follower, fields: str
) -> None:
    browser(fields)
    follower.context()

    with person.arriving("https://shop.example.net/lamps"):
        person.click_on("away")
    after = {page_of(follower.check()) for _ in range(50)}

    assert after <= {"", "https://shop.example.net/lamps"}
    follower.until(lambda each: page_of(each) == "https://shop.example.net/lamps")


def test_a_page_behind_another_is_not_believed_though_its_node_still_answers(
    browser: Browser, person: Person, follower: Follower, fields: str
) -> None:
    browser(fields)
    follower.context()
    chain, wired = follower.source._chain, follower.source._wired
    assert chain is not None
    assert wired is not None

    person.press("ctrl", "t", pause=1.0)
    person.go("https://shop.example.net/lamps")
    after = {page_of(follower.check()) for _ in range(50)}
    lie = follower.run(wired.nodes.document(chain.page))

    assert lie["URI"] == fields, "the trap is gone: the hidden page no longer answers"
    assert after <= {"", "https://shop.example.net/lamps"}
    follower.until(lambda each: page_of(each) == "https://shop.example.net/lamps")


def test_going_back_finds_the_page_again(browser: Browser, person: Person, follower: Follower, fields: str) -> None:
    browser(fields)
    with person.arriving("https://shop.example.net/lamps"):
        person.click_on("away")
    follower.until(lambda each: "shop" in page_of(each))

    person.press("alt", "left")

    follower.until(lambda each: page_of(each) == fields)


def test_a_nested_frame_is_part_of_the_chain(browser: Browser, person: Person, follower: Follower) -> None:
    page, inner = f"https://{linkedin.HOST}{linkedin.WITH_FRAME}", f"https://{linkedin.FOREIGN_HOST}/form"
    browser(page)

    person.enter_frame("frame", page, inner)
    person.click_on("text", inner)
    found = follower.until(lambda each: isinstance(each, Context) and len(each.documents) == 2)

    assert isinstance(found, Context)
    assert [each.uri for each in found.documents] == [inner, page]
    assert id_of(found) == "text"


def test_the_frames_of_a_page_and_its_fields_are_masked(browser: Browser, person: Person, follower: Follower) -> None:
    page = f"https://{linkedin.HOST}{linkedin.WITH_FRAME}"
    browser(page)
    person.click_on("note", page)
    found = follower.context()

    boxes = follower.run(follower.source.masks(found))

    seen = person.latest(page).boxes
    assert boxes is not None
    assert any(near(box, seen["note"]) for box in boxes)
    assert any(near(box.grown(2), seen["frame"]) for box in boxes), "a frame's box is told without its border"


def test_a_window_above_the_page_is_masked_and_not_ours(
    browser: Browser, person: Person, follower: Follower, fields: str, desktop: PrivateDesktop
) -> None:
    browser(fields)
    found = follower.context()
    assert found.page.rect is not None
    x, y = found.page.rect.x + 200, found.page.rect.y + 200
    assert follower.source.owns(found, x + 20, y + 20)

    above = desktop.launch(["xterm", "-geometry", f"20x5+{x}+{y}"], "xterm")
    try:
        person.window("xterm")
        covered = follower.run(follower.source.masks(found))
        ours = follower.source.owns(found, x + 20, y + 20)
    finally:
        above.terminate()
        above.wait()

    assert not ours
    assert covered is not None
    assert any(box.contains(x + 20, y + 20) for box in covered)


def test_a_click_finds_the_link_and_not_its_text(
    browser: Browser, person: Person, follower: Follower, fields: str
) -> None:
    browser(fields)
    found = follower.context()

    link = follower.run(follower.source.target(found, *person.point("away")))
    field = follower.run(follower.source.target(found, *person.point("plain")))
    outside = follower.run(follower.source.target(found, found.window.rect.x + 60, found.window.rect.y + 20))

    assert link is not None
    assert link[:2] == ("link", "away")
    assert near(link[2], person.latest(fields).boxes["away"])
    assert field is not None
    assert field[:2] == ("entry", "Search words")
    assert outside is None


# Not a page


def test_the_address_bar_is_no_page(browser: Browser, person: Person, follower: Follower, fields: str) -> None:
    browser(fields)
    person.click_on("plain")
    follower.field("plain")

    person.press("ctrl", "l")
    follower.absence(Absence.CHROME)
    person.press("esc")
    person.press("esc")

    assert follower.field("plain").html_id == "plain"


def test_a_lost_event_does_not_hide_the_address_bar(
    browser: Browser, person: Person, follower: Follower, fields: str
) -> None:
    """A page's field goes on saying that it has the focus while the address bar has it."""
    browser(fields)
    person.click_on("plain")
    follower.field("plain")
    follower.source._on_state = lambda *_: None  # type: ignore[method-assign]

    person.press("ctrl", "l")

    follower.absence(Absence.CHROME)


def test_a_source_that_starts_in_the_address_bar_sees_it(
    browser: Browser, person: Person, desktop: PrivateDesktop, fields: str
) -> None:
    browser(fields)
    person.click_on("plain")
    person.press("ctrl", "l", pause=0.3)

    with following(desktop) as late:
        time.sleep(0.2)
        found = late.check()

    assert isinstance(found, NoContext)


def test_a_menu_and_the_find_bar_are_no_page(browser: Browser, person: Person, follower: Follower, fields: str) -> None:
    browser(fields)
    follower.context()

    person.press("ctrl", "f")
    follower.absence(Absence.CHROME)
    person.press("esc")
    follower.context()
    person.click_on("head", button="right")
    follower.absence(Absence.CHROME)
    person.press("esc")

    follower.context()


def test_a_terminal_is_no_browser(
    browser: Browser, person: Person, follower: Follower, fields: str, desktop: PrivateDesktop
) -> None:
    browser(fields)
    follower.context()

    terminal = desktop.launch(["xterm"], "xterm")
    try:
        person.window("xterm")
        follower.absence(Absence.NOT_A_BROWSER)
    finally:
        terminal.terminate()
        terminal.wait()

    follower.context()


def test_a_private_window_is_refused_and_the_ordinary_one_beside_it_is_not(
    browser: Browser, person: Person, follower: Follower, fields: str
) -> None:
    running = browser(fields)
    follower.context()

    running.open_private("https://en.wikipedia.org/wiki/Lighthouse")
    follower.absence(Absence.PRIVATE)
    seen = {page_of(follower.check()) for _ in range(30)}
    person.activate(person.window("Fields"))
    back = follower.until(lambda each: isinstance(each, Context))
    person.activate(person.window("Lighthouse"))
    again = follower.absence(Absence.PRIVATE)

    assert seen == {""}
    assert page_of(back) == fields
    assert again.absence is Absence.PRIVATE


def test_two_windows_are_never_taken_for_each_other(
    browser: Browser, person: Person, follower: Follower, fields: str
) -> None:
    running = browser(fields)
    follower.context()
    running.open_window(f"https://{elsewhere.SHOP[0]}{elsewhere.SHOP[1]}")
    follower.until(lambda each: "shop" in page_of(each))
    windows = {xid: title for xid, title in person.windows() if "Chromium" in title}

    wrong = []
    for turn in range(10):
        xid = list(windows)[turn % 2]
        person.activate(xid)
        for _ in range(20):
            found = follower.check()
            if isinstance(found, Context):
                active = person.active()
                wrong += [told(found)] if ("Fields" in windows[active]) != (found.page.uri == fields) else []

    assert wrong == []
    assert len(windows) == 2


# Trouble


def test_a_stopped_browser_is_a_time_out_and_no_exception(browser: Browser, follower: Follower, fields: str) -> None:
    running = browser(fields)
    follower.context()

    subprocess.run(["kill", "-STOP", str(running.pid)], check=True)
    try:
        began = time.monotonic()
        found = follower.check()
        took = time.monotonic() - began
    finally:
        subprocess.run(["kill", "-CONT", str(running.pid)], check=True)

    assert isinstance(found, NoContext)
    assert found.absence is Absence.TIMEOUT
    assert took < 1.0
    follower.context()


def test_a_browser_that_ends_leaves_no_context(browser: Browser, follower: Follower, fields: str) -> None:
    running = browser(fields)
    context = follower.context()

    running.close()

    found = follower.absence(Absence.NO_WINDOW, Absence.NOT_A_BROWSER)
    assert isinstance(found, NoContext)
    assert follower.run(follower.source.masks(context)) is None
    assert follower.run(follower.source.target(context, 300, 300)) is None
    assert not follower.source.owns(context, 300, 300)


def test_a_dead_bus_and_a_dead_screen_are_no_context_and_no_exception(fields: str) -> None:
    with PrivateDesktop() as desktop, LocalSite(desktop.directory) as site, following(desktop) as follower:
        site.add(HOST, "/wiki/Fields", FIELDS)
        running = Chromium(desktop, site)
        running.open(fields)
        context = follower.context()

        _end(desktop, "at-spi")
        dead = follower.absence(Absence.BUS_DEAD)
        told_of = len(follower.changed)
        masks = follower.run(follower.source.masks(context))
        _end(desktop, "Xvfb")
        gone = follower.check()

    assert told_of
    assert dead.absence is Absence.BUS_DEAD
    assert masks is None
    assert isinstance(gone, NoContext)


def _end(desktop: PrivateDesktop, name: str) -> None:
    victim = next(each for each in desktop._processes if name in " ".join(map(str, each.args)))  # type: ignore[arg-type]
    victim.terminate()
    victim.wait(10)


# Firefox


@pytest.mark.skipif(shutil.which("firefox-esr") is None, reason="firefox-esr is not installed: its pages go unchecked")
def test_firefox_is_followed_too(desktop: PrivateDesktop, person: Person, follower: Follower, tmp_path: Path) -> None:
    page = tmp_path / "fields.html"
    page.write_text(FIELDS, encoding="utf-8")
    profile = desktop.directory / "firefox"
    profile.mkdir()
    quiet = ("datareporting.policy.dataSubmissionEnabled", "browser.aboutwelcome.enabled")
    lines = [f'user_pref("{name}", false);' for name in (*quiet, "browser.shell.checkDefaultBrowser")]
    lines.append('user_pref("termsofuse.bypassNotification", true);')
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    running = desktop.launch(["firefox-esr", "--no-remote", "--profile", str(profile), page.as_uri()], "firefox")

    try:
        loaded = follower.until(lambda each: page_of(each) == page.as_uri() and each.title == "Fields", 40)
        _press_until(person, follower, "plain")
        _press_until(person, follower, "pin")
        pin = follower.field("pin")
        person.press("ctrl", "l")
        follower.absence(Absence.CHROME)
        person.press("ctrl", "shift", "p")
        private = follower.absence(Absence.PRIVATE)
    finally:
        programs.end(running)

    assert isinstance(loaded, Context)
    assert (loaded.title, loaded.window.browser) == ("Fields", "firefox")
    assert pin.secret
    assert private.absence is Absence.PRIVATE


def _press_until(person: Person, follower: Follower, html_id: str) -> None:
    for _ in range(20):
        person.press("tab", pause=0.3)
        if id_of(follower.check()) == html_id:
            return
    pytest.fail(f"tab never reached {html_id}")


# Figures: printed, and held only to what a loaded machine still keeps


def test_tab_is_followed_soon(
    browser: Browser, person: Person, follower: Follower, fields: str, capsys: pytest.CaptureFixture[str]
) -> None:
    browser(fields)
    person.click_on("plain")
    follower.field("plain")

    lags = []
    for number in range(20):
        before = len(follower.changed)
        began = time.monotonic_ns()
        person.press("tab" if number % 2 == 0 else "shift", *(() if number % 2 == 0 else ("tab",)), pause=0)
        while len(follower.changed) == before:
            assert time.monotonic_ns() - began < 2e9, "no event came"
            time.sleep(0.0005)
        lags.append((follower.changed[before] - began) / 1e6)
        time.sleep(0.05)
    with capsys.disabled():
        sys.stdout.write(
            f"\nfocus lag after Tab: median {statistics.median(lags):.1f} ms, worst {max(lags):.1f} ms of {len(lags)}\n"
        )

    assert statistics.median(lags) < 200


def test_a_look_is_cheap(
    browser: Browser, person: Person, follower: Follower, fields: str, capsys: pytest.CaptureFixture[str]
) -> None:
    browser(fields)
    person.click_on("plain")
    follower.field("plain")

    async def look(times: int) -> tuple[float, float]:
        wall, cpu = time.perf_counter(), time.thread_time()
        for _ in range(times):
            assert isinstance(await follower.source.check(), Context)
        return (time.perf_counter() - wall) / times * 1e3, (time.thread_time() - cpu) / times * 1e3

    wall, cpu = follower.run(look(300))
    with capsys.disabled():
        sys.stdout.write(f"\nfocus check: {wall:.2f} ms wall, {cpu:.2f} ms CPU\n")

    assert wall < 20


def near(one: Rect | None, other: Rect) -> bool:
    return one is not None and all(
        abs(a - b) <= 2 for a, b in zip((one.x, one.y, one.width, one.height),
                                        (other.x, other.y, other.width, other.height), strict=True)
    )  # fmt: skip
