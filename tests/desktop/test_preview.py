"""A preview in a real browser: it shows everything, asks for nothing, runs nothing, and needs no mouse."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image
from tests.desktop.pages.devtools import Headless, headless

from overt.demo import programs

pytestmark = pytest.mark.desktop

WIDTH, HEIGHT = 1240, 900
RAN = "document.title = 'ran'"
HOSTILE = (
    f'<script>{RAN}</script><img src=https://example.org/x onerror="{RAN}">\'"><svg onload="{RAN}"></style>'
    f"<style>@import url(https://example.org/y)</style>\u202egnp.exe <iframe src=https://example.org/z></iframe>"
)


def overt(*words: object) -> Any:
    command = [sys.executable, "-m", "overt", *map(str, words), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of synthetic episodes, with pictures."""
    place = tmp_path_factory.mktemp("preview")
    overt("synth", "--episodes", 4, "--seed", 3, "--contributors", 2, "--frames", "--out", place / "synthetic")
    wish = ("--purpose", "model_training", "--out", place / "dataset")
    overt("export", "--home", place / "synthetic", *wish)
    return place / "dataset"


@pytest.fixture(scope="module")
def made(dataset: Path) -> dict[str, Any]:
    """What the command says of the page that it has written."""
    answer: dict[str, Any] = overt("export", "preview", dataset, "--out", dataset.parent / "preview.html")
    return answer


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Headless]:
    if absent := [name for name in programs.missing() if name == "chromium"]:
        line = f"nobody looks at the preview without chromium: {programs.apt_line(absent)}"
        if os.environ.get("CI") == "true":
            pytest.fail(line)
        pytest.skip(line)
    with headless(tmp_path_factory.mktemp("profile")) as started:
        started.size(WIDTH, HEIGHT)
        yield started


def shot(browser: Headless) -> Image.Image:
    return Image.open(io.BytesIO(browser.screenshot())).convert("RGB")


def colours(image: Image.Image) -> set[Any]:
    return {colour for _, colour in image.getcolors(1 << 24) or []}


def test_every_step_is_there_and_nothing_is_asked_for_or_complained_about(
    browser: Headless, made: dict[str, Any]
) -> None:
    browser.open(Path(made["out"]))

    steps, pictures = browser.value("['.step', '.look'].map(each => document.querySelectorAll(each).length)")
    assert (steps, made["steps"]["shown"]) == (made["steps"]["offered"],) * 2
    assert pictures > steps / 2
    elsewhere = [each for each in browser.requests() if not each.startswith("data:image/webp;base64,")]
    assert elsewhere == [Path(made["out"]).as_uri()]
    assert browser.complaints() == []
    assert browser.value("document.documentElement.scrollWidth") == WIDTH
    assert made["bytes"] == Path(made["out"]).stat().st_size < 3_000_000


def test_each_picture_is_really_painted_with_its_mark_upon_it(browser: Headless, made: dict[str, Any]) -> None:
    browser.open(Path(made["out"]))
    box = browser.value(
        "(() => { const e = [...document.querySelectorAll('.look svg')].find(e => e.querySelector('.dot'));"
        " e.scrollIntoView({block: 'center', behavior: 'instant'}); const r = e.getBoundingClientRect();"
        " return [r.left, r.top, r.right, r.bottom]; })()"
    )

    seen = colours(shot(browser).crop(tuple(map(round, box))))

    assert (232, 89, 12) in seen, "the mark of a click"
    assert any(red > 150 and green < 60 and 50 < blue < 120 for red, green, blue in seen), "the synthetic picture"


def test_light_and_dark_are_both_readable(browser: Headless, made: dict[str, Any]) -> None:
    grounds = {}
    for scheme in ("light", "dark"):
        browser.scheme(scheme)
        browser.open(Path(made["out"]))
        grounds[scheme] = shot(browser).getpixel((3, HEIGHT - 3))
        worst = browser.value(CONTRAST)
        assert worst["ratio"] >= 4.5, (scheme, worst)
    browser.scheme("light")

    assert min(grounds["light"]) > 220
    assert max(grounds["dark"]) < 40


CONTRAST = """(() => {
  const channel = (v) => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = (c) => .2126 * channel(c[0]) + .7152 * channel(c[1]) + .0722 * channel(c[2]);
  const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
  const ground = (e) => { for (; e; e = e.parentElement) { const c = numbers(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] === 1) return c; } return [255, 255, 255]; };
  let worst = {ratio: 99};
  for (const e of document.querySelectorAll('h1, h2, p, li, small, code, span, mark, kbd, dt, dd, summary, a')) {
    if (e.closest('svg') || e.matches('.look')) continue;
    const [a, b] = [light(numbers(getComputedStyle(e).color)), light(ground(e))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < worst.ratio) worst = {ratio, what: e.className || e.tagName};
  }
  return worst;
})()"""
"""The least contrast of any text with what it stands on, as WCAG reckons it."""


def test_everything_can_be_done_with_the_keyboard(browser: Headless, made: dict[str, Any]) -> None:
    browser.open(Path(made["out"]))

    browser.press("Tab")
    skip = browser.value("[document.activeElement.className, document.activeElement.getBoundingClientRect().left >= 0]")
    browser.press("Enter")
    reached = browser.value("location.hash")
    for _ in range(60):
        browser.press("Tab")
        if browser.value("document.activeElement.tagName") == "SUMMARY":
            break
    seen = [browser.value("document.activeElement.parentElement.open")]
    for _ in range(2):
        browser.press(" ")
        seen.append(browser.value("document.activeElement.parentElement.open"))
    while browser.value("document.activeElement.className") != "look":
        browser.press("Tab")
    before, wanted = browser.value(
        "[document.activeElement.getBoundingClientRect().width, document.activeElement.hash]"
    )
    browser.press("Enter")
    after = browser.value("document.querySelector(':target').getBoundingClientRect().width")
    browser.press("Tab")

    assert skip == ["skip", True]
    assert reached == "#t1"
    assert seen == [True, False, True]
    assert browser.value("location.hash") == wanted
    assert after > before * 1.9
    assert browser.value("document.activeElement.hash") == wanted, "from there one goes on"


def test_it_prints_whole(browser: Headless, made: dict[str, Any]) -> None:
    browser.open(Path(made["out"]))

    pdf = browser.ask("Page.printToPDF", printBackground=True)["data"]

    assert len(pdf) > 100_000


def test_a_narrow_window_needs_no_sideways_scrolling(browser: Headless, made: dict[str, Any]) -> None:
    browser.size(360, 700)
    browser.open(Path(made["out"]))

    width = browser.value("document.documentElement.scrollWidth")
    browser.size(WIDTH, HEIGHT)

    assert width == 360


def hostile(dataset: Path, table: str, **columns: Any) -> None:
    (path,) = (dataset / "data").glob(f"{table}-*.parquet")
    schema, rows = pq.read_schema(path), pq.read_table(path).to_pylist()
    for row in rows:
        for name, value in columns.items():
            row[name] = row[name] | value if isinstance(value, dict) and row[name] else value
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)


def test_a_hostile_data_set_runs_nothing_and_asks_for_nothing(browser: Headless, dataset: Path, tmp_path: Path) -> None:
    copy = tmp_path / "dataset"
    (copy / "data").mkdir(parents=True)
    for path in (dataset / "MANIFEST.json", *(dataset / "data").iterdir()):
        (copy / path.relative_to(dataset)).write_bytes(path.read_bytes())
    target = {"role": HOSTILE, "name": HOSTILE, "box": [0, 0, 2**31 - 1, 2**31 - 1]}
    hostile(copy, "steps", action={"text": HOSTILE * 50, "keys": [HOSTILE], "button": HOSTILE}, target=target)
    hostile(copy, "visits", url="https://example.org/" + HOSTILE, title=HOSTILE)
    hostile(copy, "tasks", query=HOSTILE)
    hostile(copy, "episodes", sites=[HOSTILE], contributor=HOSTILE, end=HOSTILE)
    made = overt("export", "preview", copy, "--out", tmp_path / "preview.html")

    browser.open(Path(made["out"]))

    title = browser.value("document.title")
    kinds = browser.value("document.querySelectorAll('script, img, iframe, style ~ style, .look svg svg').length")
    assert title == "Preview of dataset"
    assert kinds == 0
    assert not [each for each in browser.requests() if not each.startswith(("data:image/webp;", "file:"))]
    assert browser.complaints() == []
    assert browser.value("document.documentElement.scrollWidth") == WIDTH


def test_were_something_to_slip_in_the_pages_own_rules_would_stop_it(
    browser: Headless, made: dict[str, Any], tmp_path: Path
) -> None:
    """And this test would see it: what stands in the page without being allowed is complained about."""
    slipped = f"<script>{RAN}</script><img src=https://example.org/x onerror=\"{RAN}\"><p style='color:red'>x</p>"
    page = tmp_path / "slipped.html"
    page.write_text(Path(made["out"]).read_text().replace("<main>", f"<main>{slipped}"))

    browser.open(page)

    assert browser.value("document.title") == "Preview of dataset"
    told = json.dumps(browser.complaints())
    assert "script-src" in told
    assert "img-src" in told
    assert "style-src" in told
