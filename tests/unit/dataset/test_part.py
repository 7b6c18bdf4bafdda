"""What lies between a worker and the export: sealed, whole or not there, and the same again when it is opened."""

from pathlib import Path
from typing import Any

import pytest

from overt.dataset.eligible import SkipReason
from overt.dataset.part import KEY_BYTES, Outcome, Part, PartWriter, part_key
from overt.dataset.reading import read_episode
from overt.dataset.recheck import SecondLook
from overt.errors import FormatError
from overt.trajectory.build import Rules

KEY = bytes(range(KEY_BYTES))


def written(story: Any, path: Path) -> Outcome:
    with PartWriter(path, KEY) as part:
        outcome = read_episode(lambda: iter(story.search()), part, SecondLook(judges=()), Rules(), synthetic=False)
        part.finish(outcome)
    return outcome


def test_outcome_and_frames_come_back_as_they_were(story: Any, tmp_path: Path) -> None:
    outcome = written(story, tmp_path / "a.part")

    with Part(tmp_path / "a.part", KEY) as part:
        frames = [step.frame for each in part.outcome.trajectories for step in each.steps if step.frame]

        assert part.outcome == outcome
        assert all(part.frame(frame.sha256).startswith(b"\x89PNG") for frame in frames)
        assert frames


def test_nothing_in_a_part_can_be_read_without_its_key(story: Any, tmp_path: Path) -> None:
    written(story, tmp_path / "a.part")
    kept = (tmp_path / "a.part").read_bytes()

    assert not [each for each in (b"turing", b"google", b"PNG", b"trajectories") if each in kept.lower()]
    with pytest.raises(FormatError):
        Part(tmp_path / "a.part", part_key(KEY, "another"))


def read_all(path: Path) -> list[bytes]:
    with Part(path, KEY) as part:
        shown = [step.frame for each in part.outcome.trajectories for step in each.steps]
        return [part.frame(frame.sha256) for frame in shown if frame]


@pytest.mark.parametrize("at", [20, -1, -9, -40])
def test_a_changed_part_is_refused(story: Any, tmp_path: Path, at: int) -> None:
    written(story, tmp_path / "a.part")
    kept = bytearray((tmp_path / "a.part").read_bytes())
    kept[at] ^= 1
    (tmp_path / "a.part").write_bytes(kept)

    with pytest.raises(FormatError):
        read_all(tmp_path / "a.part")


@pytest.mark.parametrize("size", [0, 3, 8, 60])
def test_a_part_that_is_cut_off_is_refused(story: Any, tmp_path: Path, size: int) -> None:
    written(story, tmp_path / "a.part")
    (tmp_path / "a.part").write_bytes((tmp_path / "a.part").read_bytes()[:size])

    with pytest.raises(FormatError):
        Part(tmp_path / "a.part", KEY)


def test_what_is_not_finished_leaves_nothing(story: Any, tmp_path: Path) -> None:
    with PartWriter(tmp_path / "a.part", KEY) as part:
        part.put(story.shot(1, 0))
        begun = [each.name for each in tmp_path.iterdir()]

    assert begun == ["a.part.tmp"]
    assert list(tmp_path.iterdir()) == []


def test_of_a_skipped_episode_no_frame_is_kept(story: Any, tmp_path: Path) -> None:
    with PartWriter(tmp_path / "a.part", KEY) as part:
        part.put(story.shot(1, 0))
        part.finish(Outcome(reason=SkipReason.SECOND_LOOK, findings={"rules.EMAIL": 2}))

    with Part(tmp_path / "a.part", KEY) as read:
        assert read.outcome == Outcome(reason=SkipReason.SECOND_LOOK, findings={"rules.EMAIL": 2})
    assert (tmp_path / "a.part").stat().st_size < 300
