"""AgentNet's own words, and a count of everything that they cannot say."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overt.dataset.agentnet_code import Rendered, render
from overt.dataset.interface import Format
from overt.trajectory.action import Action, Kind
from overt.trajectory.step import Frame, Quality, Step

NUMBER = r"(?:0|1|0\.\d{1,4}|1\.0|0\.0)"
POINT = rf"x={NUMBER}, y={NUMBER}"
STRING = r"(?:'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")"
LINE = re.compile(
    "|".join(
        (
            rf"pyautogui\.(?:click|doubleClick|rightClick|middleClick|moveTo)\({POINT}\)",
            rf"pyautogui\.dragTo\({POINT}, button='(?:left|middle|right)'\)",
            r"pyautogui\.h?scroll\(-?[1-9]\d*\)",
            rf"pyautogui\.write\(message={STRING}\)",
            rf"pyautogui\.press\(keys=\[{STRING}\]\)",
            rf"pyautogui\.hotkey\(keys=\[{STRING}(?:, {STRING})+\]\)",
            rf"computer\.triple_click\({POINT}\)",
            r"computer\.wait\(\)",
            r"computer\.terminate\(status='(?:success|failure)'\)",
        )
    )
)

FRAME = Frame(number=1, sha256="0" * 64, width=1000, height=500)


def rendered(action: Action, *, frame: Frame | None = FRAME, quality: Quality | None = None) -> Rendered:
    step = Step(
        index=0,
        visit=1,
        site="s",
        area="a",
        gap_bucket=-1,
        action=action,
        frame=frame,
        quality=quality or Quality(),
    )
    return render(step)


def click(button: str = "left", count: int = 1, modifiers: tuple[str, ...] = ()) -> Action:
    return Action(kind=Kind.CLICK, button=button, count=count, x=979, y=81, modifiers=modifiers)


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (click(), "pyautogui.click(x=0.979, y=0.162)"),
        (click(count=2), "pyautogui.doubleClick(x=0.979, y=0.162)"),
        (click(count=3), "computer.triple_click(x=0.979, y=0.162)"),
        (click("right"), "pyautogui.rightClick(x=0.979, y=0.162)"),
        (click("middle"), "pyautogui.middleClick(x=0.979, y=0.162)"),
        (
            Action(kind=Kind.DRAG, button="left", x=0, y=0, x2=999, y2=499),
            "pyautogui.moveTo(x=0.0, y=0.0)\npyautogui.dragTo(x=0.999, y=0.998, button='left')",
        ),
        (
            Action(kind=Kind.SCROLL, x=500, y=250, dx=0, dy=-3),
            "pyautogui.moveTo(x=0.5, y=0.5)\npyautogui.scroll(-3)",
        ),
        (Action(kind=Kind.TYPE, text="alan turing"), "pyautogui.write(message='alan turing')"),
        (Action(kind=Kind.KEY, keys=("enter",)), "pyautogui.press(keys=['enter'])"),
        (Action(kind=Kind.HOTKEY, keys=("ctrl", "c")), "pyautogui.hotkey(keys=['ctrl', 'c'])"),
        (Action(kind=Kind.TERMINATE, status="failure"), "computer.terminate(status='failure')"),
    ],
)
def test_an_action_that_agentnet_can_say_is_said_in_full(action: Action, code: str) -> None:
    assert (rendered(action).code, rendered(action).lossy) == (code, ())


@pytest.mark.parametrize(
    ("action", "loss"),
    [
        (click(modifiers=("ctrl",)), "modifier_click"),
        (Action(kind=Kind.DRAG, button="left", x=0, y=0, x2=9, y2=9, modifiers=("shift",)), "modifier_drag"),
        (Action(kind=Kind.SCROLL, x=5, y=5, dx=2, dy=0), "hscroll"),
        (Action(kind=Kind.TYPE, text="it's a test"), "quote"),
        (Action(kind=Kind.TYPE, text="a <image> b"), "media_token"),
        (Action(kind=Kind.TYPE, text="[EMAIL]", redacted=True, redaction_types=("EMAIL",)), "redaction_mark"),
        (Action(kind=Kind.NAVIGATE, text="https://en.wikipedia.org/"), "navigate"),
        (Action(kind=Kind.WAIT), "wait_length"),
        (Action(kind=Kind.TERMINATE), "status_assumed"),
    ],
)
def test_what_is_said_only_in_part_is_counted(action: Action, loss: str) -> None:
    assert rendered(action).code is not None
    assert rendered(action).lossy == (loss,)


@pytest.mark.parametrize(
    ("action", "loss"),
    [
        (click("back"), "button"),
        (click("right", count=2), "button"),
        (Action(kind=Kind.DRAG, button="back", x=0, y=0, x2=9, y2=9), "button"),
        (Action(kind=Kind.SCROLL, x=5, y=5, dx=0, dy=0), "empty_scroll"),
        (Action(kind=Kind.TYPE, redacted=True, redaction_types=("secret_field",)), "withheld_field"),
        (Action(kind=Kind.KEY, keys=("XF86AudioMute",)), "key"),
        (Action(kind=Kind.KEY), "key"),
    ],
)
def test_what_agentnet_has_no_words_for_is_left_out_and_counted(action: Action, loss: str) -> None:
    assert (rendered(action).code, rendered(action).lossy) == (None, (loss,))


def test_a_step_without_a_picture_is_left_out_and_counted() -> None:
    assert rendered(click(), frame=None).lossy == ("step_without_image",)


def test_a_point_outside_the_picture_is_left_out_and_counted() -> None:
    assert rendered(click(), quality=Quality(out_of_bounds=True)).lossy == ("out_of_bounds",)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_action_has_a_rendering(kind: Kind) -> None:
    action = Action(kind=kind, button="left", count=1, x=1, y=1, x2=2, y2=2, dx=1, dy=1, text="t", keys=("a", "b"))

    code = rendered(action).code

    assert code is not None
    if kind is not Kind.KEY:
        assert all(LINE.fullmatch(line) for line in code.split("\n"))


@pytest.mark.parametrize(
    "text", ["it's", 'say "it\'s"', "back\\slash", "two\nlines", "caf\u00e9", "\u2028", "<image>", "'); import os; ('"]
)
def test_typed_text_stays_one_literal_on_one_line(text: str) -> None:
    code = rendered(Action(kind=Kind.TYPE, text=text)).code

    assert code is not None
    assert LINE.fullmatch(code)
    assert "<image>" not in code


def test_every_exported_line_is_in_the_vocabulary(story: Any, tmp_path: Path) -> None:
    story.exported(tmp_path / "out", story.eligible(story.search()))

    (line,) = (tmp_path / "out" / "agentnet" / "agentnet.jsonl").read_text().splitlines()
    task = json.loads(line)
    assert set(task) == {"task_id", "instruction", "traj"}
    assert re.fullmatch(r"[a-z0-9_]+", task["task_id"])
    assert [turn["index"] for turn in task["traj"]] == list(range(9))
    for turn in task["traj"]:
        assert set(turn) == {"index", "image", "value"}
        assert all(LINE.fullmatch(each) for each in turn["value"]["code"].split("\n"))
        assert (tmp_path / "out" / "agentnet" / "images" / turn["image"]).is_file()


def test_what_is_lost_is_in_the_manifest(story: Any, tmp_path: Path) -> None:
    story.exported(tmp_path / "out", story.eligible(story.search()))

    lossy = json.loads((tmp_path / "out" / "MANIFEST.json").read_text())["lossy"]

    assert lossy == {
        "agentnet.media_token": 1,
        "agentnet.quote": 1,
        "agentnet.redaction_mark": 1,
        "agentnet.status_assumed": 1,
        "agentnet.step_without_image": 1,
    }


def test_a_trajectory_without_pictures_is_left_out_and_counted(story: Any, tmp_path: Path) -> None:
    bare = [record for record in story.search() if hasattr(record, "at_ms")]

    report = story.exported(tmp_path / "out", story.eligible(bare))

    assert report.account.lossy["agentnet.trajectory_without_image"] == 1
    assert (tmp_path / "out" / "agentnet" / "agentnet.jsonl").read_text() == ""


def test_agentnet_alone_loads_with_datasets(story: Any, load: Callable[..., Any], tmp_path: Path) -> None:
    story.exported(tmp_path / "out", story.eligible(story.search()), formats=(Format.AGENTNET,))

    rows = load(str(tmp_path / "out"), split="train")

    assert rows[0]["traj"][0]["value"]["code"] == "pyautogui.click(x=0.1562, y=0.4167)"
