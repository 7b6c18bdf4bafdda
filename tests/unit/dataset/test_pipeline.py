"""An export is complete or absent, its counts add up, and nothing found at the last moment gets through."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from overt.consent.release_receipt import receipt
from overt.dataset import pipeline
from overt.dataset.eligible import Skip, SkipReason
from overt.dataset.judge import Sight
from overt.errors import ConsentError, FormatError, KeyAccessError, OvertError, StorageError, UsageError
from overt.events.redacted import RedactedEvent, Typed


def steps(out: Path) -> list[dict[str, Any]]:
    (file,) = (out / "data").glob("steps-*.parquet")
    rows: list[dict[str, Any]] = pq.read_table(file).to_pylist()
    return rows


def manifest(out: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((out / "MANIFEST.json").read_text())
    return content


def everything(out: Path) -> bytes:
    (file,) = (out / "data").glob("visits-*.parquet")
    (clicks,) = (out / "data").glob("queries-*.parquet")
    rows = [*steps(out), *pq.read_table(file).to_pylist(), *pq.read_table(clicks).to_pylist()]
    return repr(rows).encode()


def test_the_manifest_names_every_file_and_receipt(story: Any, tmp_path: Path) -> None:
    story.exported(tmp_path / "out", story.eligible(story.search()))

    told = manifest(tmp_path / "out")

    present = {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*") if p.is_file()}
    assert set(told["files"]) == present - {"MANIFEST.json", "MANIFEST.note"}
    assert told["consent_receipts_sha256"] == [receipt(told["receipt_salt"], f"{7:064x}")]
    assert told["rows"] == {
        "steps": 10,
        "episodes": 1,
        "visits": 3,
        "queries": 1,
        "tasks": 1,
        "agentnet": 1,
        "agentnet_steps": 9,
    }
    assert told["purpose"] == "model_training"
    assert told["trial"] is False


def test_offered_episodes_are_exported_or_skipped(story: Any, tmp_path: Path) -> None:
    skip = Skip(episode_id="f" * 32, reason=SkipReason.NOT_APPROVED)

    report = story.exported(tmp_path / "out", story.eligible(story.search()), story.eligible([], 2), skips=(skip,))

    assert manifest(tmp_path / "out")["episodes"] == {
        "offered": 3,
        "exported": 1,
        "skipped": {"not_approved": 1, "empty": 1},
        "deleted": 0,
    }
    assert [each.reason for each in report.skips] == [SkipReason.NOT_APPROVED, SkipReason.EMPTY]


def test_a_skipped_episode_is_not_named_in_what_is_handed_on(story: Any, tmp_path: Path) -> None:
    skip = Skip(episode_id="f" * 32, reason=SkipReason.NOT_APPROVED)

    story.exported(tmp_path / "out", story.eligible(story.search()), skips=(skip,))

    assert "f" * 32 not in (tmp_path / "out" / "MANIFEST.json").read_text()


@pytest.mark.parametrize(
    ("problem", "reason"),
    [(FormatError("x"), SkipReason.DAMAGED), (KeyAccessError("x"), SkipReason.WRONG_KEY)],
)
def test_an_episode_that_fails_half_way_leaves_no_row(
    story: Any, tmp_path: Path, problem: OvertError, reason: SkipReason
) -> None:
    def failing() -> Iterator[Any]:
        yield from story.search()[:5]
        raise problem

    whole, broken = story.eligible(story.search()), story.eligible([], 2)
    object.__setattr__(broken, "content", failing)

    report = story.exported(tmp_path / "out", whole, broken)

    assert {row["episode_id"] for row in steps(tmp_path / "out")} == {whole.episode_id}
    assert report.skips == (Skip(episode_id=broken.episode_id, reason=reason),)


def test_nothing_to_export_is_an_error_that_says_why(story: Any, tmp_path: Path) -> None:
    skip = Skip(episode_id="f" * 32, reason=SkipReason.PURPOSE_NOT_GRANTED)

    with pytest.raises(ConsentError, match="1 purpose not granted"):
        story.exported(tmp_path / "out", skips=(skip,))

    assert list(tmp_path.iterdir()) == []


def test_a_second_run_changes_nothing_and_says_so(story: Any, tmp_path: Path) -> None:
    first = story.exported(tmp_path / "out", story.eligible(story.search()))
    stamp = (tmp_path / "out" / "MANIFEST.json").stat().st_mtime_ns

    second = story.exported(tmp_path / "out", story.eligible(story.search()))

    assert (first.unchanged, second.unchanged) == (False, True)
    assert (tmp_path / "out" / "MANIFEST.json").stat().st_mtime_ns == stamp
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_another_export_is_never_overwritten(story: Any, tmp_path: Path) -> None:
    story.exported(tmp_path / "out", story.eligible(story.search()))

    with pytest.raises(UsageError, match="another export"):
        story.exported(tmp_path / "out", story.eligible(story.search(), 2))

    assert steps(tmp_path / "out")[0]["episode_id"] == f"{1:032x}"


def test_an_export_that_was_changed_is_not_called_identical(story: Any, tmp_path: Path) -> None:
    story.exported(tmp_path / "out", story.eligible(story.search()))
    (tmp_path / "out" / "agentnet" / "agentnet.jsonl").write_text("")

    with pytest.raises(UsageError):
        story.exported(tmp_path / "out", story.eligible(story.search()))


def test_a_directory_with_other_things_is_refused_before_any_work(story: Any, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")

    with pytest.raises(UsageError, match="holds no export"):
        story.exported(tmp_path / "out", story.eligible(story.search()))

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["notes.txt"]


def test_an_empty_directory_is_filled(story: Any, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()

    story.exported(tmp_path / "out", story.eligible(story.search()))

    assert (tmp_path / "out" / "README.md").is_file()


@pytest.mark.parametrize("problem", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_half_way_leaves_nothing(
    story: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: BaseException
) -> None:
    def failing(*_: object) -> None:
        raise problem

    monkeypatch.setattr(pipeline, "describe", failing)

    with pytest.raises(StorageError if isinstance(problem, OSError) else KeyboardInterrupt):
        story.exported(tmp_path / "out", story.eligible(story.search()))

    assert list(tmp_path.iterdir()) == []


def test_only_the_exporter_may_enter_what_was_exported(story: Any, tmp_path: Path) -> None:
    story.exported(tmp_path / "out", story.eligible(story.search()))

    assert os.stat(tmp_path / "out").st_mode & 0o077 == 0  # noqa: PTH116 - the mode as the system has it


class Turing:
    """A judge that wants to see no Turing."""

    name, version = "strict", "1"

    def __init__(self, *sights: Sight) -> None:
        self.sights = frozenset(sights)
        self.shown: list[str | bytes] = []

    def findings(self, shown: str | bytes) -> dict[str, int]:
        self.shown.append(shown)
        return {"NAME": 1} if isinstance(shown, bytes) or "turing" in shown.casefold() else {"NAME": 0}


@pytest.mark.parametrize("sight", [Sight.TEXT, Sight.TYPED, Sight.PICTURE])
def test_a_finding_bars_the_whole_episode_and_tells_kinds_and_counts_alone(
    story: Any, tmp_path: Path, sight: Sight
) -> None:
    harmless = [Typed(at_ms=0, visit=1, text="zebra")]
    page = story.search()[0]

    report = story.exported(
        tmp_path / "out",
        story.eligible(story.search()),
        story.eligible([page, *harmless], number=2),
        judges=[Turing(sight)],
    )

    (skip,) = report.skips
    assert (skip.reason, list(skip.findings)) == (SkipReason.SECOND_LOOK, ["strict.NAME"])
    assert b"turing" not in everything(tmp_path / "out").lower()
    assert manifest(tmp_path / "out")["episodes"]["skipped"] == {"second_look": 1}
    assert manifest(tmp_path / "out")["judges"] == {"strict": "1"}


def test_when_all_is_barred_it_is_said_what_was_found(story: Any, tmp_path: Path) -> None:
    with pytest.raises(ConsentError, match=r"1 second look \(5 strict.NAME\)"):
        story.exported(tmp_path / "out", story.eligible(story.search()), judges=[Turing(Sight.TEXT)])

    assert list(tmp_path.iterdir()) == []


def test_a_picture_that_no_step_shows_is_not_looked_at_and_each_other_one_once(story: Any, tmp_path: Path) -> None:
    judge = Turing(Sight.PICTURE)

    with pytest.raises(ConsentError):
        story.exported(tmp_path / "out", story.eligible(story.search()), judges=[judge])

    assert len(judge.shown) == len(set(judge.shown)) == 4


def test_a_frame_with_more_than_pixels_is_left_out_and_counted(story: Any, tmp_path: Path) -> None:
    content = story.search()
    content[1] = story.shot(1, 500, png=story.picture(1, b"Author\0someone"))

    story.exported(tmp_path / "out", story.eligible(content))

    assert manifest(tmp_path / "out")["frames_left_out"] == {"extra_chunk": 1}
    assert steps(tmp_path / "out")[1]["quality"]["no_frame"]


def test_a_frame_without_its_picture_is_left_out_and_counted(story: Any, tmp_path: Path) -> None:
    content = story.search()
    content[1] = content[1].event

    story.exported(tmp_path / "out", story.eligible(content))

    assert manifest(tmp_path / "out")["frames_left_out"] == {"missing": 1}


def made_up(story: Any) -> list[RedactedEvent]:
    return [event.model_copy(update={"synthetic": True}) for event in story.search() if not hasattr(event, "png")]


def test_a_synthetic_export_is_marked_everywhere(story: Any, tmp_path: Path) -> None:
    story.exported(tmp_path / "out", story.eligible(made_up(story), trial=True, synthetic=True), trial=True)

    card = (tmp_path / "out/README.md").read_text()
    assert manifest(tmp_path / "out")["synthetic"] is True
    for table in ("steps", "episodes", "visits", "queries"):
        (file,) = (tmp_path / "out/data").glob(f"{table}-*.parquet")
        rows = pq.read_table(file).to_pylist()
        assert rows
        assert all(row["synthetic"] and row["trial"] for row in rows)
    assert "- synthetic" in card
    assert "No person was recorded" in card


def test_synthetic_episodes_are_never_exported_together_with_those_of_people(story: Any, tmp_path: Path) -> None:
    people = story.eligible(story.search(), number=1, trial=True)
    made = story.eligible(made_up(story), number=2, trial=True, synthetic=True)

    with pytest.raises(ConsentError, match="never exported together"):
        story.exported(tmp_path / "out", people, made, trial=True)

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("outside", [True, False])
def test_an_episode_of_made_up_and_other_records_is_skipped(story: Any, tmp_path: Path, outside: bool) -> None:
    mixed = [made_up(story)[0], *story.search()[1:]]
    good = story.eligible(made_up(story) if outside else story.search(), number=1, synthetic=outside)

    report = story.exported(tmp_path / "out", good, story.eligible(mixed, number=2, synthetic=outside))

    assert [skip.reason for skip in report.skips] == [SkipReason.INVALID]


def test_a_trial_is_marked_everywhere(story: Any, tmp_path: Path) -> None:
    story.exported(tmp_path / "out", story.eligible(story.search(), trial=True), trial=True)

    card = (tmp_path / "out" / "README.md").read_text()
    assert manifest(tmp_path / "out")["trial"] is True
    assert all(row["trial"] for row in steps(tmp_path / "out"))
    assert "- trial" in card
    assert "Train nothing on it" in card


def test_a_contributor_has_one_name_in_a_release_and_another_in_the_next(story: Any, tmp_path: Path) -> None:
    one, two = story.eligible(story.search()), story.eligible(story.search(), 2)
    story.exported(tmp_path / "first", one, two)
    story.exported(tmp_path / "second", one)

    first = {row["contributor"] for row in steps(tmp_path / "first")}
    second = {row["contributor"] for row in steps(tmp_path / "second")}

    assert len(first) == 1
    assert first.isdisjoint(second)
    assert one.contributor_key not in (*first, *second)


def test_progress_is_told_once_for_each_episode(story: Any, tmp_path: Path) -> None:
    told: list[int] = []

    story.exported(
        tmp_path / "out", story.eligible(story.search()), story.eligible([], 2), progress=lambda: told.append(1)
    )

    assert len(told) == 2
