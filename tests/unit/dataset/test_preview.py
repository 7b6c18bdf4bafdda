"""A preview shows what an export holds, and whatever the export holds, its page does nothing but show it."""

import base64
import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from overt.dataset.preview import Limits, Previewed, preview
from overt.dataset.preview_pictures import Pictures, shrunk
from overt.dataset.preview_text import harmless, plain
from overt.errors import FormatError, StorageError, UsageError

TAGS = set(
    re.findall(
        r"\w+",
        "html head meta link title style body a div header h1 p em b dl dt dd nav ol li small main section h2 details "
        "summary code span mark kbd bdi i footer svg defs image use rect g circle line path text",
    )
)
LEADS = {"href", "src", "srcset", "action", "formaction", "xlink:href", "data", "poster", "background", "ping"}
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>&lt;b&gt;</style></title></bdi>"
    "\u202egnp.exe\u2066 [EMAIL] [NOT_A_KIND] \0\x1b[31m " + "e" + "\u0301" * 50 + "x" * 100_000
)
DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f]")


class Seen(HTMLParser):
    """Every element of a page, with its attributes, and every text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def of_class(self, name: str) -> int:
        return sum(name in (attributes.get("class") or "").split() for _, attributes in self.elements)


def check_harmless(page: str) -> Seen:
    """Fail unless *page* has known elements alone, none of which acts or leads out of it."""
    seen = Seen(page)
    assert {tag for tag, _ in seen.elements} <= TAGS
    for _, attributes in seen.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        for name in LEADS & attributes.keys():
            assert re.fullmatch(r"#[a-z0-9-]+|data:,|data:image/webp;base64,[A-Za-z0-9+/=]+", attributes[name] or "")
    assert not DIRECTION.search(page)
    return seen


@pytest.fixture
def dataset(story: Any, tmp_path: Path) -> Path:
    story.exported(tmp_path / "dataset", story.eligible(story.search()))
    return tmp_path / "dataset"


def shown(dataset: Path, out: Path | None = None, **limits: int) -> tuple[Previewed, Seen]:
    out = out or dataset.parent / "preview.html"
    done = preview(dataset, out, Limits(**limits), lambda *_: None)
    return done, check_harmless(out.read_text())


def rewritten(dataset: Path, table: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Put rows that *change* has changed in the place of those of *table*, under the same schema."""
    (path,) = (dataset / "data").glob(f"{table}-*.parquet")
    schema, rows = pq.read_schema(path), pq.read_table(path).to_pylist()
    for row in rows:
        change(row)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)


def test_every_step_is_shown_with_what_was_done_drawn_on_its_picture(dataset: Path) -> None:
    done, page = shown(dataset)

    rows = pq.read_table(next((dataset / "data").glob("steps-*.parquet"))).to_pylist()
    assert done.steps == (len(rows), len(rows))
    assert page.of_class("step") == len(rows)
    assert page.of_class("look") == sum(row["image"] is not None for row in rows) > 5
    assert done.pictures == len({row["image_sha256"] for row in rows} - {None})
    assert page.of_class("ring") >= 4
    assert page.of_class("disc") == 1
    assert page.of_class("head") == 1
    for said in ("turing", "Alan Turing", "triple click", "down 3", "it's <image> ", "https://www.google.com/"):
        assert said in page.text


def test_the_page_is_one_file_whose_own_rules_forbid_scripts_and_requests(dataset: Path) -> None:
    done, page = shown(dataset)

    (rules,) = [each["content"] or "" for tag, each in page.elements if each.get("http-equiv")]
    style = re.search("<style>(.*)</style>", done.out.read_text(), re.DOTALL)
    assert style is not None
    assert rules.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode() in rules
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    assert done.size == done.out.stat().st_size
    assert done.out.stat().st_mode & 0o777 == 0o600


def test_what_was_withheld_stands_as_a_chip_and_text_that_only_looks_so_does_not() -> None:
    said = harmless("write [EMAIL] to [NOBODY] [OWN_KIND]", kinds=("OWN_KIND",))

    assert said.count("<mark") == 2
    assert ">email</mark>" in said
    assert "[NOBODY]" in said


def hostile_step(row: dict[str, Any]) -> None:
    row["action"] |= {"kind": row["action"]["kind"], "text": HOSTILE, "keys": [HOSTILE], "modifiers": [HOSTILE]}
    row["action"] |= {"button": HOSTILE, "count": 127, "x": -(2**31), "y": 2**31 - 1, "dx": -(2**31), "dy": 2**31 - 1}
    row["action"] |= {"redaction_types": [HOSTILE], "x2": 0, "y2": -(2**31)}
    row["target"] = {"role": HOSTILE, "name": HOSTILE, "box": [-(2**31), 2**31 - 1, -5, 2**31 - 1]}


@pytest.mark.parametrize("kind", ["click", "drag", "scroll", "type", "key", "hotkey", "navigate", "wait", HOSTILE])
def test_a_hostile_data_set_is_harmless(dataset: Path, kind: str) -> None:
    rewritten(dataset, "steps", lambda row: (hostile_step(row), row["action"].update(kind=kind)))
    rewritten(dataset, "visits", lambda row: row.update(url=HOSTILE, title=HOSTILE, arrived=HOSTILE, left=HOSTILE))
    rewritten(dataset, "tasks", lambda row: row.update(query=HOSTILE, kind=HOSTILE))
    changed = {"sites": [HOSTILE], "contributor": HOSTILE, "split": HOSTILE, "signals": [HOSTILE], "end": HOSTILE}
    rewritten(dataset, "episodes", lambda row: row.update(os_family=HOSTILE, created_month=HOSTILE, **changed))

    done, page = shown(dataset)

    assert done.size < 2_000_000
    assert "more characters" in page.text


def test_a_hostile_episode_id_and_a_hostile_name_are_harmless(dataset: Path) -> None:
    for table in ("steps", "visits", "tasks", "episodes"):
        rewritten(dataset, table, lambda row: row.update(episode_id=HOSTILE[:5_000]))
    place = dataset.rename(dataset.with_name("<img src=x onerror=alert(1)> \u202e"))

    _, page = shown(place)

    assert "Preview of <img src=x" in page.text


@given(st.text(), st.integers(min_value=1, max_value=40))
@example("<script>", 400)
@example("\u202e\u2066\u200f", 400)
def test_no_text_becomes_more_than_text(text: str, most: int) -> None:
    made = harmless(text, most=most)

    page = check_harmless(made)
    assert {tag for tag, _ in page.elements} <= {"bdi", "i", "mark", "span"}
    assert not {"<", ">", '"'} & set(plain(text, most))
    assert len(made) < 60 * most + 120


def test_letters_of_every_script_stay_as_they_are() -> None:
    text = "naïve Ünï سلام می‌خواهم हिन्दी 漢字 👩‍🚀 Tiếng Việt"

    assert harmless(text) == f"<bdi>{text}</bdi>"


def test_only_so_many_episodes_are_shown_and_the_rest_is_told(story: Any, tmp_path: Path) -> None:
    story.exported(tmp_path / "dataset", *(story.eligible(story.search(), number) for number in range(1, 5)))

    done, page = shown(tmp_path / "dataset", episodes=3)

    assert done.episodes == (3, 4)
    assert "Shown are the first 3 of 4 episodes." in page.text
    assert sum(tag == "section" for tag, _ in page.elements) == 3


def test_people_who_are_held_out_are_shown_as_well(story: Any, tmp_path: Path) -> None:
    """Their tables lie in a directory of their own, which a preview of ``data`` alone had passed over."""
    people = [replace(story.eligible(story.search(), number), contributor_key=f"{number}+cd") for number in range(1, 9)]
    story.exported(tmp_path / "dataset", *people, holdout=50)

    done, page = shown(tmp_path / "dataset")

    assert (tmp_path / "dataset/test").is_dir()
    assert done.episodes == (8, 8)
    assert "split train" in page.text
    assert "split test" in page.text


def test_only_so_many_steps_are_shown_and_the_rest_is_told(dataset: Path) -> None:
    done, page = shown(dataset, steps=4)

    assert done.steps[0] == 4 < done.steps[1]
    assert page.of_class("step") == 4
    assert f"Shown are 4 of their {done.steps[1]} steps." in page.text
    assert f"{done.steps[1] - 4} more steps not shown." in page.text


def test_pictures_take_only_so_much_room_and_the_rest_is_told(dataset: Path) -> None:
    whole, _ = shown(dataset)

    done, page = shown(dataset, picture_bytes=500)

    assert done.pictures + done.pictures_left_out == whole.pictures
    assert 0 < done.pictures_left_out < whole.pictures
    assert f"The page is full: {done.pictures_left_out} more picture" in page.text
    assert page.of_class("step") == done.steps[0]


def test_a_picture_is_kept_once_and_only_as_pixels() -> None:
    image, large = Image.new("RGB", (2_000, 500), "teal"), io.BytesIO()
    image.save(large, "JPEG", exif=b"Exif\0\0secret place", comment=b"secret place")
    pictures = Pictures(room=1 << 20)

    numbers = [pictures.add(large.getvalue(), 2_000, 500) for _ in range(3)]

    small = shrunk(large.getvalue())
    assert small is not None
    assert numbers == [0, 0, 0]
    assert pictures.definitions().count("<image ") == 1
    assert b"secret place" not in small
    assert Image.open(io.BytesIO(small)).size == (960, 240)


def bomb() -> bytes:
    """A small file of a picture with 10^10 pixels."""
    made = io.BytesIO()
    Image.new("1", (1, 1)).save(made, "PNG")
    png = bytearray(made.getvalue())
    png[16:24] = (100_000).to_bytes(4, "big") * 2
    return bytes(png)


@pytest.mark.parametrize("picture", [b"", b"nothing", b"\x89PNG\r\n\x1a\n", bomb(), b"GIF89a" + bytes(40)])
def test_what_is_no_picture_is_counted_and_not_shown(dataset: Path, picture: bytes) -> None:
    rewritten(dataset, "steps", lambda row: row["image"] and row["image"].update(bytes=picture))

    done, page = shown(dataset)

    assert (done.pictures, done.pictures_left_out) == (0, 1)
    assert "Left out as unreadable: 1 picture." in page.text
    assert "its picture is not shown here" in page.text


def test_a_second_run_changes_nothing_and_another_export_replaces_the_page(story: Any, dataset: Path) -> None:
    first, _ = shown(dataset)
    again, _ = shown(dataset)
    story.exported(dataset.parent / "other", story.eligible(story.search(), 2))

    other, _ = shown(dataset.parent / "other")

    assert (first.unchanged, again.unchanged, other.unchanged) == (False, True, False)
    assert [each.name for each in dataset.parent.iterdir() if each.suffix in {".html", ".tmp"}] == ["preview.html"]


@pytest.mark.parametrize("what", ["file", "directory", "link"])
def test_nothing_but_a_preview_is_overwritten(dataset: Path, what: str) -> None:
    shown(dataset)
    page, out = dataset.parent / "preview.html", dataset.parent / "mine"
    {"file": lambda: out.write_text("mine"), "directory": out.mkdir, "link": lambda: out.symlink_to(page)}[what]()

    with pytest.raises(UsageError, match="no preview"):
        shown(dataset, out)

    assert what != "file" or out.read_text() == "mine"


def test_a_preview_that_breaks_off_leaves_nothing(dataset: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr("overt.store.files.write_all", full)

    with pytest.raises(StorageError):
        shown(dataset)

    assert sorted(each.name for each in dataset.parent.iterdir()) == ["dataset"]


def cut(dataset: Path) -> None:
    (path,) = (dataset / "data").glob("steps-*.parquet")
    path.write_bytes(path.read_bytes()[:-200])


def guessed(dataset: Path) -> None:
    (path,) = (dataset / "data").glob("visits-*.parquet")
    pq.write_table(pa.table({"episode_id": [1], "trajectory": ["a"]}), path)


def null_step(dataset: Path) -> None:
    rewritten(dataset, "steps", lambda row: row.update(action=None))


def vast(dataset: Path) -> None:
    rewritten(dataset, "steps", lambda row: row.update(image_width=0))


def no_text(dataset: Path) -> None:
    """Write bytes that are no UTF-8 where a title should be."""
    (path,) = (dataset / "data").glob("visits-*.parquet")
    table = pq.read_table(path)
    wrong = pa.array([b"\xff\xfe"] * len(table), pa.binary()).cast(pa.string(), safe=False)
    pq.write_table(table.set_column(table.schema.get_field_index("title"), table.schema.field("title"), wrong), path)


def none(dataset: Path) -> None:
    for path in (dataset / "data").iterdir():
        path.unlink()


def no_manifest(dataset: Path) -> None:
    (dataset / "MANIFEST.json").unlink()


@pytest.mark.parametrize("damage", [cut, guessed, null_step, vast, no_text, none, no_manifest])
def test_what_is_damaged_is_refused_without_a_page(dataset: Path, damage: Callable[[Path], None]) -> None:
    damage(dataset)

    with pytest.raises(FormatError):
        shown(dataset)

    assert not (dataset.parent / "preview.html").exists()


def test_a_task_that_began_on_the_page_before_shows_that_page_once_more(dataset: Path) -> None:
    def later(row: dict[str, Any]) -> None:
        row["visits"] = [visit for visit in row["visits"] if visit > 1]

    rewritten(dataset, "tasks", later)

    _, page = shown(dataset)

    assert page.of_class("step") == len(pq.read_table(next((dataset / "data").glob("steps-*.parquet"))))


def test_steps_of_an_unknown_task_and_page_are_shown_all_the_same(dataset: Path) -> None:
    rewritten(dataset, "steps", lambda row: row.update(task=77 if row["step_index"] else None, visit=99))

    done, page = shown(dataset)

    assert page.of_class("step") == done.steps[0]
    assert "Outside any task" in page.text
