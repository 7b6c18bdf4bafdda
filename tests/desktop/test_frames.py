"""Real frames of a real Chromium: nothing in the colour of secrets is ever in one, and the page around it is."""

import asyncio
import contextlib
import subprocess
import threading
import time
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from Xlib import X
from Xlib import display as xlib_display

from overt.capture.select import open_frames
from overt.demo import browser as browser_flags
from overt.demo.browser import Chromium
from overt.demo.desktop import PrivateDesktop
from overt.demo.pages import linkedin
from overt.demo.person import Person
from overt.demo.site import LocalSite
from overt.events.context import Context, NoContext
from overt.events.geometry import Rect
from overt.events.raw import RawFrame
from overt.focus._backends._x11 import X11Focus
from overt.recorder.shutter import SETTLE_NS, Shutter
from overt.redact import pixels

pytestmark = pytest.mark.desktop

_OPEN: Any = xlib_display.Display  # python-xlib has no types
T = TypeVar("T")
Shot = tuple[RawFrame, tuple[Rect, ...], Rect]

SECRET = (0xDC, 0x01, 0xFE)
CONTROL = (0x33, 0xFE, 0x01)
"""As the screen has them: blue, green, red."""
INK = "background:#FE01DC;color:#FE01DC"
HOST = linkedin.HOST
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
CARD = "5500 0055 5555 5559"

STAGE = """<!doctype html><html><head><title>Stage</title><style>body{margin:0;font:16px/1.5 Arial}
main{width:700px;margin:30px} #control{position:fixed;right:10px;bottom:40px;width:40px;height:40px;background:#01FE33}
input,textarea,select{font:inherit;height:40px}</style></head><body><p id=head>Head</p><main>%s</main>
<div id=control></div></body></html>"""

SITUATIONS = {
    "a field": f'<input id=t style="{INK}" value="canary">',
    "a field that may not be edited": f'<input readonly style="{INK}" value="canary">',
    "a password": f'<input type=password style="{INK}" value="canary">',
    "a text area": f'<textarea style="{INK}">canary</textarea>',
    "an editable part": f'<div contenteditable style="{INK};height:60px">canary</div>',
    "a field in a closed shadow": "<x-el></x-el><script>customElements.define('x-el',class extends HTMLElement{"
    "connectedCallback(){this.attachShadow({mode:'closed'}).innerHTML="
    f"'<input style=\"{INK}\" value=canary>'}}}})</script>",
    "a canvas that takes the focus": f'<canvas tabindex=0 style="{INK}" width=300 height=40></canvas>',
    "a choice": f'<select style="{INK}"><option>canary</select>',
    "a date": f'<input type=date style="{INK}" value="1990-04-01">',
    "a number": f'<input type=number style="{INK}" value="4711">',
    "a frame of a foreign origin": f'<iframe width=400 height=120 src="https://{linkedin.FOREIGN_HOST}/ink"></iframe>',
    "a frame in a frame": f"<iframe width=400 height=150 srcdoc='<p style=\"{INK}\">canary</p>'></iframe>",
    "an object": f'<object width=300 height=80 data="https://{linkedin.FOREIGN_HOST}/ink"></object>',
    "an account button": f'<button style="{INK}" aria-label="Google Account: Jane Doe (jane@example.org)">J</button>',
    "an account link": f'<a href="https://accounts.google.com/SignOutOptions" style="{INK}">Jane</a>',
    "a link to a person": f'<a href="/in/jane-doe-1/" style="{INK}">Jane Doe</a>',
    "a picture in a link to a person": f'<a href="/in/jane-doe-1/"><img style="{INK};width:60px;height:60px;'
    f'position:relative;left:80px" alt="" src="{PIXEL}"></a>',
    "a person's card": f'<ul><li style="{INK}"><a href="/in/jane-doe-1/">Jane Doe</a><p>Keeper</p><img '
    f'style="width:90px;height:60px" alt="x" src="{PIXEL}"></li></ul>',
    "a person's card that is no list item": f'<div id=ember7 class="hiring-team-card" style="{INK}"><img alt="" '
    f'src="{PIXEL}"><p>Keeper at the Light</p><div><a href="/in/jane-doe-1/">Jane Doe</a></div></div>',
    "a portrait that no tree has": f'<div style="height:60px"><img alt="" style="{INK};width:72px;height:60px" src="'
    f'{PIXEL}"><a href="/in/jane-doe-1/" style="{INK}">Jane Doe</a></div>',
    "a file that was chosen": f'<input id=f type=file style="{INK}">',
    "a colour and a range": f'<input type=color value="#fe01dc"><input type=range style="{INK}">',
    "a marked word of one's own": f'<p>My password is <span style="{INK}">kangaroo-42-blue</span></p>',
    "a card whose name is above the view": f'<ul><li style="{INK};margin-top:-120px;height:220px">'
    '<a href="/in/jane-doe-1/">Jane Doe</a></li></ul>',
    "a name that a link tells elsewhere": '<a href="/in/jane-doe-1/">View profile</a><h2>Meet '
    f'<span style="{INK}">Jane Doe</span></h2>',
    "a member of a wiki": f'<a href="https://en.wikipedia.org/wiki/User:Jane" style="{INK}">Jane</a>',
    "the bubble of messages": f'<aside class="msg-overlay-list-bubble" style="{INK};height:90px">Bob: canary</aside>',
    "a place named after messages": f'<aside aria-label="Messaging" style="{INK};height:90px">Bob: canary</aside>',
    "suggestions": "<input role=combobox aria-expanded=true aria-controls=lb><ul id=lb role=listbox "
    f'style="{INK};list-style:none;padding:0"><li role=option>canary</ul>',
    "a dialog": f'<div role=dialog aria-label=Apply style="{INK};height:90px">canary</div>',
    "an address of mail in a text": f'<p>Write to <span style="{INK}">jane.doe@example.org</span> soon.</p>',
    "a card number set in pieces": f'<p>It is <span style="{INK}">{CARD.replace(" 5555", " <b>5555</b>")}</span>.</p>',
    "a number on two lines": f'<p style="width:190px">It is and was <span style="{INK}">{CARD}</span></p>',
    "an address that is moved by style": f'<p style="transform:translate(200px,30px) scale(1.5)">'
    f'<span style="{INK}">jane.doe@example.org</span></p>',
}


class Eye:
    """A focus source, a camera and a shutter on a loop of their own thread."""

    def __init__(self, desktop: PrivateDesktop) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.focus = X11Focus(display=desktop.display, session_bus=desktop.env["DBUS_SESSION_BUS_ADDRESS"])
        self.frames = open_frames(environ=desktop.env)
        self.run(self.focus.start())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    def context(self, url: str = "", seconds: float = 20.0) -> Context:
        deadline = time.monotonic() + seconds
        while True:
            found = self.run(self.focus.check())
            if isinstance(found, Context) and found.page.uri.startswith(url):
                return found
            assert time.monotonic() < deadline, f"waited {seconds} s in vain for a context"
            time.sleep(0.02)

    def take(self, context: Context) -> Shot | None:
        shutter = Shutter(focus=self.focus, frames=self.frames, now=time.monotonic_ns)
        return self.run(shutter.take(context))

    def shot(self, url: str = "", seconds: float = 20.0, shows: tuple[int, int, int] | None = None) -> Shot:
        deadline = time.monotonic() + seconds
        while (taken := self.take(self.context(url))) is None or (shows is not None and not count(taken[0], shows)):
            assert time.monotonic() < deadline, f"waited {seconds} s in vain for a frame"
        return taken

    def close(self) -> None:
        self.run(self.focus.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()
        self.frames.close()


@dataclass
class Stage:
    """One browser that all situations share."""

    browser: Chromium
    site: LocalSite
    desktop: PrivateDesktop
    person: Person
    eye: Eye
    shown: int = 0

    def show(self, markup: str) -> str:
        self.shown += 1
        path = f"/jobs/view/{4100000000 + self.shown}/"
        self.site.add(HOST, path, STAGE % markup)
        self.person.go(f"https://{HOST}{path}")
        time.sleep(SETTLE_NS / 1e9)  # as the recorder waits
        return f"https://{HOST}{path}"

    def tool(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.desktop.env, check=True, timeout=10, capture_output=True)


@contextlib.contextmanager
def staged(desktop: PrivateDesktop, site: LocalSite) -> Iterator[Stage]:
    site.add(linkedin.FOREIGN_HOST, "/ink", f'<body style="{INK}">canary')
    site.add(HOST, "/jobs/view/4100000000/", STAGE % "")
    browser = Chromium(desktop, site)
    browser.open(f"https://{HOST}/jobs/view/4100000000/")
    eye = Eye(desktop)
    try:
        with Person(desktop.display, site) as person:
            yield Stage(browser, site, desktop, person, eye)
    finally:
        eye.close()
        browser.close()


@pytest.fixture(scope="module")
def stage(desktop: PrivateDesktop, site: LocalSite) -> Iterator[Stage]:
    with staged(desktop, site) as made:
        yield made


def shown(shot: Shot) -> tuple[int, int, int]:
    """Return how many secret pixels are in the frame before and after it is masked, and the control's that are left."""
    frame, masks, _ = shot
    before = count(frame, SECRET)
    pixels.mask(frame, masks)
    return before, count(frame, SECRET), count(frame, CONTROL)


def count(frame: RawFrame, colour: tuple[int, int, int]) -> int:
    """Return how many pixels of *frame* have *colour*, whatever their fourth byte is."""
    blue, green, red = (bytes(frame.pixels[channel::4]) for channel in range(3))
    return sum(each == colour for each in zip(blue, green, red, strict=True))


def assert_masked(shot: Shot, control: int = 1_600) -> None:
    before, after, kept = shown(shot)
    assert before > 100, "the canary is not on the screen: this proves nothing"
    assert after == 0
    assert kept == control


@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_secret_pixel_is_kept_of(stage: Stage, situation: str) -> None:
    url = stage.show(SITUATIONS[situation])

    shot = stage.eye.shot(url, shows=SECRET)

    assert_masked(shot)


def test_what_is_no_secret_is_left_as_it_is(stage: Stage) -> None:
    url = stage.show('<h2>Lighthouse keeper</h2><p>Keep the light.</p><a href="/jobs/view/1/">Lens maker</a>')

    frame, masks, content = stage.eye.shot(url)

    assert masks == ()
    assert content == frame.rect


def test_a_frame_is_of_the_page_alone(stage: Stage) -> None:
    url = stage.show("<p>nothing</p>")
    stage.person.click_on("head")

    _, _, content = stage.eye.shot(url)

    seen = stage.person.latest().content
    assert max(abs(content.x - seen.x), abs(content.y - seen.y)) <= 1
    assert max(abs(content.width - seen.width), abs(content.height - seen.height)) <= 1


def test_a_scrolled_page_is_masked_where_it_is_now(stage: Stage) -> None:
    url = stage.show(
        f'<p>top</p><p style="margin-top:900px">Write to <span style="{INK}">jane.doe@example.org</span></p>'
        "<div style='height:900px'></div><script>scrollTo(0, 700)</script>"
    )

    assert_masked(stage.eye.shot(url))


def test_a_zoomed_page_is_masked_in_pixels_of_the_screen(stage: Stage) -> None:
    url = stage.show(SITUATIONS["a field"] + SITUATIONS["an address of mail in a text"])
    stage.tool("key", "ctrl+plus", "ctrl+plus")
    time.sleep(0.5)
    try:
        before, after, _ = shown(stage.eye.shot(url))
    finally:
        stage.tool("key", "ctrl+0")

    assert before > 100
    assert after == 0


def test_a_window_above_the_page_is_not_kept(stage: Stage) -> None:
    url = stage.show("<p>below</p>")
    display = _OPEN(stage.desktop.display)
    keys = {"background_pixel": 0xFE01DC, "override_redirect": True}
    window = display.screen().root.create_window(300, 300, 211, 97, 3, X.CopyFromParent, X.InputOutput, **keys)
    window.map()
    display.sync()
    try:
        shot = stage.eye.shot(url)
    finally:
        display.close()

    assert_masked(shot)


def test_the_list_of_a_choice_is_not_kept(stage: Stage) -> None:
    url = stage.show(f'<select id=s><option>one<option style="{INK}">canary<option style="{INK}">another</select>')
    stage.person.click_on("s")
    time.sleep(0.5)
    try:
        shot = stage.eye.shot(url)
    finally:
        stage.person.press("esc")

    assert_masked(shot)


def test_the_address_under_the_pointer_that_the_browser_draws_is_not_kept(stage: Stage) -> None:
    """Chromium draws it in the page's own window: no window of the X server tells of it."""
    url = stage.show('<a id=away href="https://private.example.net/a-secret-path">away</a>')
    x, y = stage.person.point("away")
    plain = stage.eye.shot(url)
    stage.person.move(x, y)
    deadline = time.monotonic() + 20
    while (hovered := stage.eye.shot(url))[1] == plain[1]:
        assert time.monotonic() < deadline, "waited 20 s in vain for the browser to show where the link leads"

    content = hovered[2]
    corner = Rect(x=content.x, y=content.y + content.height - 20, width=60, height=20)
    pixels.mask(*hovered[:2])
    part = pixels.png(hovered[0], corner)
    plain_fill = pixels.png(RawFrame(at_ns=0, rect=corner, pixels=bytearray(pixels.FILL * 1_200)), corner)
    assert part == plain_fill


def test_the_search_of_a_page_that_the_browser_draws_is_not_kept(stage: Stage) -> None:
    url = stage.show("<p id=text>words of the page</p>")
    plain = stage.eye.shot(url)
    stage.tool("key", "ctrl+f")
    time.sleep(0.7)
    stage.person.click_on("head")
    try:
        searched = stage.eye.shot(url)
    finally:
        stage.tool("key", "ctrl+f", "Escape")

    more = set(searched[1]) - set(plain[1])
    assert any(box.width > 200 and box.height > 40 for box in more)


def test_a_page_that_moves_while_it_is_looked_at_is_not_kept(stage: Stage) -> None:
    url = stage.show(
        f'<p id=p>Write to <span style="{INK}">jane.doe@example.org</span></p>'
        "<script>let n = 0; setInterval(() => p.style.marginLeft = (n = (n + 7) % 400) + 'px', 30)</script>"
    )
    context = stage.eye.context(url)

    taken = [stage.eye.take(context) for _ in range(4)]

    assert taken == [None] * 4


def test_a_page_half_off_the_screen_has_its_points_where_its_pixels_are(stage: Stage) -> None:
    url = stage.show(SITUATIONS["an address of mail in a text"])
    active = str(stage.person.active())
    stage.tool("windowmove", active, "-200", "300")
    time.sleep(0.5)
    try:
        frame, masks, content = stage.eye.shot(url)
    finally:
        stage.tool("windowmove", active, "40", "30")
        time.sleep(0.3)

    made = pixels.png(frame, content)
    assert content.x < 0 == frame.rect.x
    assert made is not None
    assert made[1:] == (content.width, content.height)
    assert_nothing_secret(frame, masks)


def assert_nothing_secret(frame: RawFrame, masks: tuple[Rect, ...]) -> None:
    pixels.mask(frame, masks)
    assert count(frame, SECRET) == 0


def test_a_minimised_page_and_one_of_another_workspace_have_no_frame(stage: Stage) -> None:
    url = stage.show(SITUATIONS["an address of mail in a text"])
    context = stage.eye.context(url)
    active = stage.person.active()
    stage.tool("windowminimize", str(active))
    time.sleep(0.5)
    try:
        now = stage.eye.run(stage.eye.focus.check())
        taken = stage.eye.take(context)
    finally:
        stage.person.activate(active)

    assert isinstance(now, NoContext)
    assert taken is None


def test_the_name_of_what_is_about_a_person_is_a_marker(stage: Stage) -> None:
    url = stage.show(
        '<a id=who href="/in/jane-doe-1/"><b>Jane Doe</b></a><ul><li><a id=name href="/in/bob-1/">Bob</a>'
        '<button id=invite aria-label="Invite Bob to connect">Connect</button></li></ul>'
        '<a id=job href="/jobs/view/1/">Lens maker</a>'
    )
    context = stage.eye.context(url)

    def name(element: str) -> str:
        found = stage.eye.run(stage.eye.focus.target(context, *stage.person.point(element)))
        assert found is not None
        return found[1]

    assert [name(each) for each in ("who", "name", "invite", "job")] == ["[PERSON]"] * 3 + ["Lens maker"]


def test_a_screen_of_twice_the_density_is_masked_in_its_pixels(
    desktop: PrivateDesktop, site: LocalSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = [each for each in browser_flags._FLAGS if "scale-factor" not in each and "window-" not in each]
    dense = ("--force-device-scale-factor=2", "--window-position=20,15", "--window-size=590,370")
    monkeypatch.setattr(browser_flags, "_FLAGS", (*kept, *dense))
    with staged(desktop, site) as stage:
        for situation in ("a field", "a person's card", "an address of mail in a text"):
            url = stage.show(SITUATIONS[situation])

            before, after, _ = shown(stage.eye.shot(url))

            assert before > 100, situation
            assert after == 0, situation
