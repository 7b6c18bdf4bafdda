"""A draft is there as long as its maker lives, and no longer."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from overt.store import drafts as module
from overt.store.drafts import draft_beside
from overt.store.lock import locked

MAKER = """
import sys, time, pathlib
from overt.store.drafts import draft_beside
with draft_beside(pathlib.Path(sys.argv[1]), "out.tmp-") as draft:
    (draft / "plain").write_text("what somebody typed")
    print(draft.name, flush=True)
    time.sleep(60)
"""


def drafts(directory: Path) -> list[str]:
    return [path.name for path in directory.iterdir() if path.name.startswith("out.tmp-")]


def test_a_draft_takes_its_place_or_vanishes(tmp_path: Path) -> None:
    place = tmp_path / "out"
    with draft_beside(place, "out.tmp-") as draft:
        (draft / "file").touch()
        assert draft.stat().st_mode & 0o777 == 0o700
        draft.rename(place)

    assert [path.name for path in tmp_path.iterdir()] == ["out"]

    with pytest.raises(RuntimeError), draft_beside(place, "out.tmp-"):
        raise RuntimeError

    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_a_killed_maker_left_is_removed_by_the_next_and_a_living_one_is_left_alone(tmp_path: Path) -> None:
    words = [sys.executable, "-c", MAKER, str(tmp_path / "out")]
    makers = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    names = [maker.stdout.readline().strip() for maker in makers if maker.stdout]
    os.kill(makers[0].pid, signal.SIGKILL)
    makers[0].communicate()
    assert sorted(drafts(tmp_path)) == sorted(names)

    with draft_beside(tmp_path / "out", "out.tmp-") as draft:
        found = drafts(tmp_path)
    makers[1].terminate()
    makers[1].communicate()

    assert sorted(found) == sorted([names[1], draft.name])


def test_a_draft_that_another_swept_before_it_was_held_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two exports that began at once, one took the other's new directory for a dead maker's."""
    swept = []

    def late(directory: Path, **how: bool) -> AbstractContextManager[None]:
        if not swept:
            swept.append(directory.name)
            shutil.rmtree(directory)
        return locked(directory, **how)

    monkeypatch.setattr(module, "locked", late)

    with draft_beside(tmp_path / "out", "out.tmp-") as draft:
        (draft / "plain").touch()

    assert swept
    assert swept[0] != draft.name
    assert drafts(tmp_path) == []


def test_only_what_has_the_name_of_a_draft_is_swept(tmp_path: Path) -> None:
    kept = ["out.tmp-0123456789abcdeg", "out.tmp-0123456789abcde", "out", "xout.tmp-0123456789abcdef"]
    for name in kept:
        (tmp_path / name).mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out.tmp-0000000000000000").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "out.tmp-1111111111111111").touch()

    with draft_beside(tmp_path / "out", "out.tmp-"):
        pass

    everything = [*kept, "elsewhere", "out.tmp-0000000000000000", "out.tmp-1111111111111111"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(everything)
