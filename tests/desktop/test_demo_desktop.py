"""The private desktop, its pages and its person behave as the tests that build on them believe."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import mss
import pytest

from overt.demo import programs
from overt.demo.browser import Chromium
from overt.demo.desktop import PrivateDesktop
from overt.demo.pages import elsewhere, linkedin, shell
from overt.demo.person import Person
from overt.demo.site import LocalSite

pytestmark = pytest.mark.desktop

Browser = Callable[[str], Chromium]


def _secret_pixels(desktop: PrivateDesktop) -> int:
    red, green, blue = shell.SECRET_COLOUR
    with mss.MSS(display=desktop.display) as camera:
        shot = bytes(camera.grab(camera.monitors[0]).bgra)
    wanted = bytes((blue, green, red))
    return sum(shot[at : at + 3] == wanted for at in range(0, len(shot), 4))


def test_the_accessibility_bus_is_on_before_any_browser_starts(desktop: PrivateDesktop) -> None:
    assert desktop._accessibility_answers()
    assert "WAYLAND_DISPLAY" not in desktop.env


def test_a_typed_search_loads_the_results_under_the_real_address(browser: Browser, person: Person) -> None:
    browser("https://www.google.com/")

    person.click_on("q")
    with person.arriving("https://www.google.com/search"):
        person.type("How do (lighthouses) work?")
        person.press("enter")

    assert person.latest().page == "https://www.google.com/search?q=How+do+%28lighthouses%29+work%3F"


def test_a_click_on_a_result_a_scroll_and_a_link(browser: Browser, person: Person) -> None:
    browser("https://www.google.com/search?q=tower")

    with person.arriving("https://en.wikipedia.org/wiki/Lighthouse"):
        person.click_on("result-1")
    person.scroll(-3)
    scrolled = person.until(lambda each: each.scroll[1] > 0, "the article to scroll")
    person.scroll(3)
    person.until(lambda each: each.number > scrolled.number and each.scroll[1] == 0, "the article to scroll back")
    with person.arriving("https://en.wikipedia.org/wiki/Fresnel_lens"):
        person.click_on("link-fresnel")

    assert person.latest().title == "Fresnel lens - Wikipedia"


def test_text_sent_in_one_burst_after_tab_lands_in_the_password_box(browser: Browser, person: Person) -> None:
    browser(f"https://{linkedin.HOST}{linkedin.NOTE_AND_PASSWORD}")

    person.click_on("note")
    person.type("remember")
    person.tab_and_type("Hunter-2!x")
    held = person.until(lambda each: len(each.values.get("password", "")) == 10, "the password to land")

    assert held.values == {"note": "remember", "password": "Hunter-2!x"}


def test_text_typed_in_a_foreign_frame_lands_in_the_frame(browser: Browser, person: Person) -> None:
    page, inner = f"https://{linkedin.HOST}{linkedin.WITH_FRAME}", f"https://{linkedin.FOREIGN_HOST}/form"
    browser(page)

    person.enter_frame("frame", page, inner)
    person.click_on("text", inner)
    person.type("inside")
    held = person.until(lambda each: each.values.get("text") == "inside", "the text to land")

    assert held.page == inner
    assert person.latest(page).values == {"note": ""}


def test_a_private_window_belongs_to_the_same_process_and_says_so(browser: Browser, person: Person) -> None:
    running = browser("https://www.google.com/")

    running.open_private("https://en.wikipedia.org/wiki/Lighthouse")
    first, private = person.window("Google"), person.window("Lighthouse")
    person.activate(first)
    person.activate(private)

    assert person.active() == private != first
    assert running.pid


@pytest.mark.parametrize("where", [elsewhere.SHOP, elsewhere.SIGN_IN, *elsewhere.LOOK_ALIKES])
def test_pages_with_secrets_draw_them_in_the_secret_colour(
    browser: Browser, person: Person, desktop: PrivateDesktop, where: tuple[str, str]
) -> None:
    browser(f"https://{where[0]}{where[1]}")

    programs.wait_until(lambda: _secret_pixels(desktop) > 0, "the page to be drawn")
    before = _secret_pixels(desktop)
    person.click_on("text" if where != elsewhere.SIGN_IN else "password")
    person.type("Wy7qPz")
    person.until(lambda each: "Wy7qPz" in each.values.values(), "the text to land")

    programs.wait_until(lambda: _secret_pixels(desktop) > before, "the typed secret to be drawn")


def test_ordinary_pages_show_not_one_pixel_of_the_secret_colour(browser: Browser, desktop: PrivateDesktop) -> None:
    browser("https://en.wikipedia.org/wiki/Lighthouse")
    time.sleep(0.5)  # the report of a layout comes a little before its pixels

    assert _secret_pixels(desktop) == 0


def test_a_page_can_be_added_and_reports_what_its_fields_hold(
    browser: Browser, person: Person, site: LocalSite
) -> None:
    site.add("en.wikipedia.org", "/wiki/Test", "<title>Test</title><input id=box aria-label=Box>")
    browser("https://en.wikipedia.org/wiki/Test")

    person.click_on("box")
    person.type("a@b.c")

    assert person.until(lambda each: each.values.get("box") == "a@b.c", "the text to land").focus == "box"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_everything_ends_with_a_killed_desktop(tmp_path: Path, number: signal.Signals) -> None:
    code = (
        "import sys, time; from pathlib import Path; from overt.demo.desktop import PrivateDesktop\n"
        "with PrivateDesktop(Path(sys.argv[1])) as d: print(*[p.pid for p in d._processes], flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        started = [int(pid) for pid in child.stdout.readline().split()]
        child.send_signal(number)
        child.wait(30)

    for pid in started:
        _wait_gone(pid)
    assert number == signal.SIGKILL or list(tmp_path.iterdir()) == []


def _wait_gone(pid: int) -> None:
    programs.wait_until(lambda: _gone(Path(f"/proc/{pid}/stat")), f"process {pid} to end")


def _gone(stat: Path) -> bool:
    try:
        return ") Z " in stat.read_text()
    except OSError:
        return True
