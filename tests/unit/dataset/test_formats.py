"""Every format says what happened in its own words, counts what it cannot say, and is made of the canonical tables."""

import hashlib
import json
import re
import tarfile
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow.parquet as pq
import pytest

from overt.dataset import anthropic, atif_words, openai, qwen
from overt.dataset.calls import Said, Vocabulary, say
from overt.dataset.canonical import episodes_of, render
from overt.dataset.interface import Format
from overt.dataset.recalling import recalled, write_without
from overt.dataset.sieves import episodes_in
from overt.trajectory.action import Action, Kind
from overt.trajectory.step import Frame, Quality, Step

EVERY = tuple(Format)
RENDERED = tuple(name for name in Format if name is not Format.PARQUET)
VOCABULARIES: dict[str, Vocabulary] = {
    "anthropic": anthropic.WORDS,
    "openai": openai.WORDS,
    "qwen": qwen.WORDS,
    "atif": atif_words.WORDS,
}


def step(kind: Kind, *, frame: bool = True, gap: int = -1, outside: bool = False, **facts: Any) -> Step:
    shown = Frame(number=1, sha256="ab" * 32, width=200, height=100) if frame else None
    quality = Quality(out_of_bounds=outside)
    action = Action(kind=kind, **facts)
    return Step(index=0, visit=1, site="s", area="a", gap_bucket=gap, action=action, frame=shown, quality=quality)


def said(words: str, kind: Kind, **facts: Any) -> Said:
    return say(step(kind, **facts), VOCABULARIES[words])


def files(directory: Path) -> dict[str, str]:
    every = (
        path for path in directory.rglob("*") if path.is_file() and path.name not in {"MANIFEST.json", "README.md"}
    )
    return {path.relative_to(directory).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in every}


def click(count: int = 1, button: str = "left", **other: Any) -> dict[str, Any]:
    return {"kind": Kind.CLICK, "button": button, "count": count, "x": 199, "y": 50, **other}


@pytest.mark.parametrize(
    ("words", "call"),
    [
        ("anthropic", {"name": "left_click", "input": {"coordinate": [199, 50], "text": "ctrl+shift"}}),
        ("openai", {"type": "click", "button": "left", "x": 199, "y": 50, "keys": ["CTRL", "SHIFT"]}),
        ("qwen", {"action": "left_click", "coordinate": [995, 500]}),
        ("atif", {"type": "click", "x": 199, "y": 50, "modifier": "ctrl"}),
    ],
)
def test_a_click_names_its_point_as_each_vocabulary_counts(words: str, call: dict[str, Any]) -> None:
    assert said(words, **click(modifiers=("ctrl", "shift"))).calls == (call,)


def test_the_last_pixel_of_a_wide_picture_is_still_on_qwens_grid() -> None:
    wide = Frame(number=1, sha256="ab" * 32, width=7680, height=4320)
    at_edge = Step(
        index=0,
        visit=1,
        site="s",
        area="a",
        gap_bucket=-1,
        action=Action(**{**click(), "x": 7679, "y": 4319}),
        frame=wide,
        quality=Quality(),
    )

    (call,) = say(at_edge, qwen.WORDS).calls

    assert call["coordinate"] == [999, 999]


@pytest.mark.parametrize(
    ("words", "facts", "lossy"),
    [
        ("openai", click(3), ("triple_click",)),
        ("openai", click(2, "right"), ("button",)),
        ("anthropic", click(1, "back"), ("button",)),
        ("atif", click(modifiers=("ctrl", "shift")), ("modifiers",)),
        ("qwen", click(modifiers=("ctrl",)), ("modifier_click",)),
        ("qwen", {"kind": Kind.TYPE, "text": "a <image> b"}, ("media_token",)),
        ("anthropic", {"kind": Kind.TYPE, "text": "[EMAIL]", "redacted": True}, ("redaction_mark",)),
        ("anthropic", {"kind": Kind.TYPE}, ("withheld_field",)),
        ("openai", {"kind": Kind.SCROLL, "x": 1, "y": 1, "dx": 0, "dy": -2}, ("scroll_scale",)),
        ("openai", {"kind": Kind.SCROLL, "x": 1, "y": 1, "dx": 0, "dy": 0}, ("empty_scroll",)),
        ("anthropic", {"kind": Kind.WAIT, "gap": 3}, ("wait_length",)),
        ("anthropic", {"kind": Kind.NAVIGATE, "text": "https://en.wikipedia.org/"}, ("navigate",)),
        ("openai", {"kind": Kind.TERMINATE}, ("terminate",)),
        ("qwen", {"kind": Kind.TERMINATE}, ("status_assumed",)),
        ("qwen", {"kind": Kind.KEY, "keys": ("no such key",)}, ("key",)),
        ("atif", click(frame=False), ("step_without_image",)),
        ("atif", click(outside=True), ("out_of_bounds",)),
    ],
)
def test_what_cannot_be_said_in_full_is_named(words: str, facts: dict[str, Any], lossy: tuple[str, ...]) -> None:
    assert said(words, **facts).lossy == lossy


def test_what_is_left_out_is_not_said_in_part() -> None:
    assert said("anthropic", **click(frame=False)).calls == ()
    assert said("openai", Kind.KEY, keys=()).calls == ()


def test_a_scroll_both_ways_is_two_of_anthropics() -> None:
    calls = said("anthropic", Kind.SCROLL, x=1, y=2, dx=3, dy=-4).calls

    assert [call["input"] for call in calls] == [
        {"coordinate": [1, 2], "scroll_direction": "down", "scroll_amount": 4},
        {"coordinate": [1, 2], "scroll_direction": "right", "scroll_amount": 3},
    ]


@pytest.mark.parametrize("text", ["<image>", "<video>", "<audio>", "<|im_end|>", "</tool_call>", "<tool_call>"])
def test_typed_marks_of_a_trainer_are_not_taken_for_its_own(text: str) -> None:
    """A literal ``<image>`` stops LLaMA-Factory and verl: they count more pictures than there are."""
    assert text not in qwen.written(said("qwen", Kind.TYPE, text=f"a {text} b").calls)[13:-13]


@pytest.mark.parametrize("words", ["qwen", "atif"])
def test_every_call_fits_the_tool_that_is_declared(words: str) -> None:
    tool: Any = {"qwen": qwen.TOOL, "atif": atif_words.TOOL}[words]
    acts: list[dict[str, Any]] = [
        *(click(count) for count in (1, 2, 3)),
        click(1, "right"),
        click(1, "middle"),
        {"kind": Kind.DRAG, "button": "left", "x": 1, "y": 2, "x2": 3, "y2": 4},
        {"kind": Kind.SCROLL, "x": 1, "y": 1, "dx": 1, "dy": -2},
        {"kind": Kind.TYPE, "text": "a"},
        {"kind": Kind.KEY, "keys": ("enter",)},
        {"kind": Kind.HOTKEY, "keys": ("ctrl", "c")},
        {"kind": Kind.NAVIGATE, "text": "https://en.wikipedia.org/"},
        {"kind": Kind.WAIT, "gap": 4},
        {"kind": Kind.TERMINATE},
    ]

    for facts in acts:
        calls = said(words, **facts).calls
        assert calls
        for call in calls:
            jsonschema.validate(call, tool["function"]["parameters"] | {"additionalProperties": False})


def test_every_format_is_byte_for_byte_the_same_twice_and_whatever_the_order(story: Any, tmp_path: Path) -> None:
    one, two = (story.eligible(story.search(), number) for number in (1, 2))

    story.exported(tmp_path / "first", one, two, formats=EVERY)
    story.exported(tmp_path / "second", two, one, formats=EVERY)

    assert files(tmp_path / "first") == files(tmp_path / "second")


def test_a_format_made_of_the_canonical_tables_has_the_bytes_of_the_export(story: Any, tmp_path: Path) -> None:
    one, two = (story.eligible(story.search(), number) for number in (1, 2))
    report = story.exported(tmp_path / "out", one, two, formats=EVERY)

    for name in EVERY:
        (tmp_path / name.value).mkdir()
        written = render(tmp_path / "out", name, tmp_path / name.value)

        folder = "data" if name is Format.PARQUET else name.value
        made = files(tmp_path / name.value)
        assert made == {path: sha for path, sha in files(tmp_path / "out").items() if path.startswith(f"{folder}/")}
        assert written.rows.items() <= report.account.rows.items()
        assert written.lossy.items() <= report.account.lossy.items()


def test_episodes_come_back_from_the_tables_one_by_one(story: Any, tmp_path: Path) -> None:
    story.exported(tmp_path / "out", *(story.eligible(story.search(), number) for number in (1, 2)))

    read = list(episodes_of(tmp_path / "out"))

    assert [episode.provenance.episode_id for episode, _ in read] == [f"{number:032x}" for number in (1, 2)]
    (trajectory,) = read[0][0].trajectories
    assert [task.queries for task in trajectory.tasks] == [(0,)]
    assert trajectory.steps[1].action.target is not None


@pytest.mark.parametrize("name", EVERY)
def test_a_deletion_reaches_every_format(story: Any, tmp_path: Path, name: Format) -> None:
    one, two = (story.eligible(story.search(), number) for number in (1, 2))
    story.exported(tmp_path / "both", one, two, formats=(name,))
    story.exported(tmp_path / "alone", one, formats=(name,))

    write_without(tmp_path / "both", [two.episode_id], tmp_path / "left")

    told = [json.loads((tmp_path / place / "MANIFEST.json").read_text())["rows"] for place in ("left", "alone")]
    assert episodes_in(name, tmp_path / "both") == {one.episode_id, two.episode_id}
    assert episodes_in(name, tmp_path / "left") == {one.episode_id}
    assert told[0] == told[1]
    assert {*files(tmp_path / "left"), "MANIFEST.note"} == {*files(tmp_path / "alone")}
    if name not in {Format.PARQUET, Format.CHAT, Format.TRL}:
        # A name of the person is of the release, and the card tells of the deletion.
        changing = re.compile("actions.jsonl|agentnet.jsonl|atif/.*json|tar|README|croissant|provenance|MANIFEST")
        same = {path: sha for path, sha in files(tmp_path / "alone").items() if not changing.search(path)}
        assert same.items() <= files(tmp_path / "left").items()


def test_an_atif_document_stays_within_what_the_protocol_also_accepts(story: Any, tmp_path: Path) -> None:
    """The Agent Data Protocol takes 1.7 alone, wants content in each result, and knows none of Harbor's metrics."""
    story.exported(tmp_path / "out", story.eligible(story.search()), formats=(Format.ATIF,))

    (path,) = (tmp_path / "out/atif").glob("*.json")
    told = json.loads(path.read_text())
    assert told["schema_version"] == "ATIF-v1.7"
    assert set(told) == {"schema_version", "session_id", "trajectory_id", "agent", "steps", "extra"}
    assert [each["step_id"] for each in told["steps"]] == list(range(1, len(told["steps"]) + 1))
    for each in told["steps"][1:]:
        assert set(each) <= {"step_id", "source", "message", "tool_calls", "llm_call_count", "observation"}
        assert all(set(call) == {"tool_call_id", "function_name", "arguments"} for call in each["tool_calls"])
        assert all(result["content"] for result in each.get("observation", {}).get("results", ()))


def test_a_step_of_atif_is_followed_by_what_it_brought_about(story: Any, tmp_path: Path) -> None:
    """The picture before a step is the observation of the step before; the first stands beside the instruction."""
    story.exported(tmp_path / "out", story.eligible(story.search()), formats=(Format.PARQUET, Format.ATIF))

    (path,) = (tmp_path / "out/atif").glob("*.json")
    steps = json.loads(path.read_text())["steps"]
    parts = [each["observation"]["results"][0]["content"][0] for each in steps[1:-1]]
    shown = [steps[0]["message"][1], *parts]
    (table,) = (tmp_path / "out/data").glob("steps-*.parquet")
    before = pq.read_table(table)["image_sha256"].to_pylist()
    names = [part["source"]["path"][7:-4] if part["type"] == "image" else None for part in shown]
    assert names == before


@pytest.mark.parametrize("name", [Format.CHAT, Format.TRL])
def test_turns_alternate_and_marks_are_as_many_as_pictures(story: Any, tmp_path: Path, name: Format) -> None:
    """LLaMA-Factory empties what does not alternate; TRL looks for pictures in turns of the user's alone."""
    story.exported(tmp_path / "out", story.eligible(story.search()), formats=(name,))

    (path,) = (tmp_path / "out" / name.value / "data").glob("*.parquet")
    (row,) = pq.read_table(path).to_pylist()
    roles = [message["role"] for message in row["messages"]]
    marks = json.dumps([each for each in row["messages"] if each["role"] == "user"])
    assert roles == ["system", *["user", "assistant"] * (len(roles) // 2)]
    assert marks.count("<image>" if name is Format.CHAT else '"image"') == len(row["images"]) == 9


def test_samples_have_one_dot_no_time_and_every_key(story: Any, tmp_path: Path) -> None:
    story.exported(tmp_path / "out", story.eligible(story.search()), formats=(Format.WEBDATASET,))

    with tarfile.open(tmp_path / "out/webdataset/train-000000.tar") as shard:
        members = shard.getmembers()
        told = [json.load(body) for each in members if each.name.endswith("json") and (body := shard.extractfile(each))]
    assert all(re.fullmatch(r"[a-z0-9_]+\.(json|png)", each.name) and each.mtime == 0 for each in members)
    assert len({tuple(each) for each in told}) == 1
    assert json.loads(told[-1]["action"])["kind"] == "terminate"


def test_many_samples_are_spread_over_numbered_shards(
    story: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overt.dataset.webdataset.SHARD_BYTES", 1)

    report = story.exported(tmp_path / "out", story.eligible(story.search()), formats=(Format.WEBDATASET,))

    names = sorted(path.name for path in (tmp_path / "out/webdataset").iterdir())
    assert names == [f"train-{number:06d}.tar" for number in range(report.account.rows["webdataset"])]


def test_conversations_with_many_pictures_are_spread_over_numbered_files(
    story: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overt.dataset.conversation.GROUP_BYTES", 1)
    monkeypatch.setattr("overt.dataset.conversation.SHARD_BYTES", 1)

    story.exported(
        tmp_path / "out", *(story.eligible(story.search(), number) for number in (1, 2)), formats=(Format.CHAT,)
    )

    names = sorted(path.name for path in (tmp_path / "out/chat/data").iterdir())
    assert names == ["train-00000-of-00002.parquet", "train-00001-of-00002.parquet"]


def test_text_without_any_picture_is_told_where_no_point_is_needed(story: Any, tmp_path: Path) -> None:
    bare = [record for record in story.search() if hasattr(record, "at_ms")]

    report = story.exported(tmp_path / "out", story.eligible(bare), formats=EVERY)

    account = report.account
    assert account.lossy["chat.step_without_image"] == 5
    assert (account.rows["chat_steps"], account.rows["atif_steps"], account.rows["webdataset"]) == (5, 5, 0)


def test_nobody_is_recalled_from_an_export_of_others(story: Any, tmp_path: Path) -> None:
    class Nobody:
        def names(self, _episode: str, _tag: str) -> bool:
            return False

    story.exported(tmp_path / "out", story.eligible(story.search()), formats=EVERY)

    assert recalled(tmp_path / "out", Nobody()) == ()  # type: ignore[arg-type]
