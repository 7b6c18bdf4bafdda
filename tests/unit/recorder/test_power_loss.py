"""The power goes at any moment: what was synced is there, and what was torn is never taken for a flush.

The disk is simulated after the fact. Every change that the recorder makes is noted; a cut then keeps what was synced
before it, and of the rest whatever chance leaves: some 4 KiB pages, zeros, another size, a directory entry or none.
"""

import os
import random
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from overt.errors import VerificationError
from overt.store.home import Role, open_home

MANY = pytest.param(2_000, marks=[pytest.mark.soak, pytest.mark.timeout(7200)])
PAGE = 4096


@dataclass
class Noted:
    """Everything that was done to the disk, in order; each file has a number of its own."""

    changes: list[tuple[Any, ...]] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)

    def install(self, patch: Callable[[Any, str, Any], None]) -> None:
        for name in ("open", "write", "fsync", "fdatasync", "rename", "link", "unlink", "mkdir", "ftruncate"):
            patch(os, name, self._noting(getattr(os, name), getattr(self, f"_{name}")))

    def _noting(self, original: Callable[..., Any], note: Callable[..., None]) -> Callable[..., Any]:
        def call(*words: Any, **more: Any) -> Any:
            result = original(*words, **more)
            note(result, *words, **more)
            return result

        return call

    def _open(self, made: int, path: Any, flags: int, *_: Any, dir_fd: int | None = None) -> None:
        if flags & os.O_CREAT:
            number = self.numbers[os.fstat(made).st_ino] = len(self.changes)
            self.changes.append(("create", where(dir_fd), str(path), number))

    def _write(self, written: int, descriptor: int, data: bytes) -> None:
        self.changes.append(("write", self._number(descriptor), bytes(data[:written])))

    def _fsync(self, _: None, descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            self.changes.append(("sync directory", where(descriptor)))
        else:
            self.changes.append(("sync", self._number(descriptor)))

    _fdatasync = _fsync

    def _rename(self, _: None, old: str, new: str, *, src_dir_fd: int, **__: int) -> None:
        self.changes.append(("rename", where(src_dir_fd), old, new))

    def _link(self, _: None, old: str, new: str, *, src_dir_fd: int, **__: Any) -> None:
        self.changes.append(("link", where(src_dir_fd), old, new))

    def _unlink(self, _: None, name: str, *, dir_fd: int) -> None:
        self.changes.append(("unlink", where(dir_fd), name))

    def _mkdir(self, _: None, path: Any, *__: Any) -> None:
        self.changes.append(("mkdir", str(Path(path).parent), Path(path).name))

    def _ftruncate(self, _: None, descriptor: int, size: int) -> None:
        self.changes.append(("truncate", self._number(descriptor), size))

    def _number(self, descriptor: int) -> int:
        return self.numbers[os.fstat(descriptor).st_ino]


def where(descriptor: int | None) -> str:
    return str(Path(f"/proc/self/fd/{descriptor}").readlink())


@dataclass
class File:
    """The bytes of a file as the program sees them, and as the disk surely has them."""

    seen: bytes = b""
    synced: bytes = b""

    def after_the_cut(self, chance: random.Random) -> bytes:
        """Return what is left: what was synced, and of the rest some pages, zeros, or another size."""
        if self.seen == self.synced:
            return self.seen
        left = bytearray(self.seen)
        first = min(len(self.synced), len(left))
        for start in range(first // PAGE * PAGE, len(left), PAGE):
            if chance.random() < 0.5:
                begin, end = max(first, start), min(start + PAGE, len(left))
                left[begin:end] = bytes(end - begin)
        kept = chance.choice((first, len(left), chance.randint(first, len(left))))
        return bytes(left[:kept]) + bytes(chance.choice((0, 0, chance.randint(1, 3 * PAGE))))


class Cut:
    """The disk after the first changes of a journal, when the power goes."""

    def __init__(self, changes: list[tuple[Any, ...]]) -> None:
        self.files: dict[int, File] = {}
        self.names: dict[tuple[str, str], Any] = {}
        self.pending: list[tuple[Any, ...]] = []
        self.durable: list[tuple[Any, ...]] = []
        for kind, *facts in changes:
            getattr(self, "_" + kind.replace(" ", "_"))(*facts)

    def _create(self, directory: str, name: str, number: int) -> None:
        self.files[number] = File()
        self._name(directory, name, number)

    def _write(self, number: int, data: bytes) -> None:
        self.files[number].seen += data

    def _truncate(self, number: int, size: int) -> None:
        self.files[number].seen = self.files[number].seen[:size]

    def _sync(self, number: int) -> None:
        self.files[number].synced = self.files[number].seen

    def _rename(self, directory: str, old: str, new: str) -> None:
        number = self.names.pop((directory, old))
        self.names[directory, new] = number
        # One step: it is seen to have happened, or not.
        self.pending.append((directory, ((old, None), (new, number))))

    def _link(self, directory: str, old: str, new: str) -> None:
        self._name(directory, new, self.names[directory, old])

    def _unlink(self, directory: str, name: str) -> None:
        self.names.pop((directory, name), None)
        self.pending.append((directory, ((name, None),)))

    def _mkdir(self, directory: str, name: str) -> None:
        self._name(directory, name, "directory")

    def _name(self, directory: str, name: str, what: Any) -> None:
        self.names[directory, name] = what
        self.pending.append((directory, ((name, what),)))

    def _sync_directory(self, directory: str) -> None:
        self.durable += [each for each in self.pending if each[0] == directory]
        self.pending = [each for each in self.pending if each[0] != directory]

    def lay_out(self, root: Path, copy: Path, chance: random.Random) -> None:
        """Change the *copy* of what *root* was before into what the disk holds after the cut."""
        reordered = chance.random() < 0.5
        luck = chance.randint(0, len(self.pending))
        lucky = [
            each for place, each in enumerate(self.pending) if (chance.random() < 0.5 if reordered else place < luck)
        ]
        left = {number: file.after_the_cut(chance) for number, file in self.files.items()}
        for directory, steps in [*self.durable, *lucky]:
            place = copy / Path(directory).relative_to(root)
            for name, what in steps:
                if place.is_dir():
                    put(place / name, what, left)


def put(path: Path, what: Any, left: dict[int, bytes]) -> None:
    if what is None:
        path.unlink(missing_ok=True)
    elif what == "directory":
        path.mkdir(mode=0o700, exist_ok=True)
    else:
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(left[what])


@pytest.mark.parametrize("cuts", [100, MANY])
def test_no_synced_flush_is_lost_and_no_torn_one_accepted(
    cuts: int, workplace: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "trial"
    shutil.copytree(root, tmp_path / "before")
    noted = Noted()
    with monkeypatch.context() as patch:
        noted.install(patch.setattr)
        workplace.record(lambda number: noted.changes.append(("ack", number)), flushes=6)
    (episode_id,) = workplace.store.list()
    true = workplace.store.read(episode_id)
    chance = random.Random(22)
    states = set()

    for _ in range(cuts):
        until = chance.randint(1, len(noted.changes))
        changes = [each for each in noted.changes[:until] if each[0] != "ack"]
        told = max([each[1] for each in noted.changes[:until] if each[0] == "ack"], default=0)
        copy = tmp_path / "after"
        shutil.copytree(tmp_path / "before", copy)
        Cut(changes).lay_out(root, copy, chance)
        workplace.home = open_home(copy, Role.EMPLOYEE)
        states.add(judged(workplace, episode_id, true, told))
        shutil.rmtree(copy)

    assert {"none", "open", "damaged-tail", "closed"} <= states


def judged(workplace: Any, episode_id: str, true: bytes, told: int) -> str:
    """Start again after the cut, and return in which state the episode was found."""
    workplace.start_again()
    if not workplace.store.list():
        assert told == 0
        assert workplace.store.list_keys() == []
        return "none"
    assert workplace.store.list_keys() == [episode_id]
    data = workplace.store.read(episode_id)
    ended = [each for each in workplace.entries() if each["type"] in {"recovered", "episode-close"}]
    assert len(ended) == 1
    try:
        verdict = workplace.verdict(episode_id)
    except VerificationError:
        assert told == 0
        assert ended[0]["reason"] == "invalid"
        return "invalid"
    assert verdict.flushes >= told
    assert data[: verdict.size] == true[: verdict.size]
    assert (ended[0]["size"], ended[0]["root"]) == (verdict.size, verdict.root)
    return str(verdict.state.value)
