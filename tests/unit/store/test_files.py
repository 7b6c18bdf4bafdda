"""File primitives: nothing is followed, nothing is half-written, every refusal has a remedy."""

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from overt.errors import StorageError
from overt.store import files


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return files.ensure_directory(tmp_path / "place")


def test_a_new_file_is_durable_private_and_whole(place: Path) -> None:
    files.create_exclusive(place, "a", b"text")

    assert files.read(place, "a") == b"text"
    assert stat.S_IMODE((place / "a").stat().st_mode) == 0o600


def test_a_loose_umask_makes_no_loose_file(place: Path) -> None:
    before = os.umask(0)
    try:
        files.create_exclusive(place, "a", b"")
    finally:
        os.umask(before)

    assert stat.S_IMODE((place / "a").stat().st_mode) == 0o600


def test_an_existing_file_is_never_overwritten(place: Path) -> None:
    files.create_exclusive(place, "a", b"old")

    with pytest.raises(StorageError) as caught:
        files.create_exclusive(place, "a", b"new")

    assert "never overwritten" in caught.value.hint
    assert files.read(place, "a") == b"old"


@pytest.mark.parametrize("target", ["there", "nowhere"])
def test_a_planted_link_is_not_followed(place: Path, tmp_path: Path, target: str) -> None:
    (tmp_path / "there").write_bytes(b"theirs")
    (place / "a").symlink_to(tmp_path / target)

    for attempt in (lambda: files.create_exclusive(place, "a", b"x"), lambda: files.read(place, "a")):
        with pytest.raises(StorageError):
            attempt()

    assert ((tmp_path / "there").read_bytes(), (tmp_path / "nowhere").exists()) == (b"theirs", False)


def test_a_replaced_link_is_replaced_itself(place: Path, tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"theirs")
    (place / "a").symlink_to(tmp_path / "there")

    files.replace(place, "a", b"ours")

    assert (files.read(place, "a"), (tmp_path / "there").read_bytes()) == (b"ours", b"theirs")


def test_a_linked_directory_is_not_entered(place: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(place)

    with pytest.raises(StorageError):
        files.create_exclusive(tmp_path / "link", "a", b"x")


def test_a_directory_that_others_may_write_to_is_refused(place: Path) -> None:
    place.chmod(0o777)

    with pytest.raises(StorageError, match="others may write") as caught:
        files.create_exclusive(place, "a", b"x")

    assert "chmod" in caught.value.hint


def test_a_directory_of_another_user_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: place.stat().st_uid + 1)

    with pytest.raises(StorageError, match="another user"):
        files.read(place, "a")


def test_a_missing_directory_is_made_private(tmp_path: Path) -> None:
    made = files.ensure_directory(tmp_path / "a/b/c")

    assert [stat.S_IMODE(path.stat().st_mode) for path in (made, made.parent)] == [0o700, 0o700]


def test_a_file_where_a_directory_belongs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")

    for path in (tmp_path / "a", tmp_path / "a/b"):
        with pytest.raises(StorageError):
            files.ensure_directory(path)


def test_replacing_leaves_the_new_bytes_and_nothing_else(place: Path) -> None:
    files.create_exclusive(place, "a", b"old")

    files.replace(place, "a", b"new")

    assert (files.read(place, "a"), [path.name for path in place.iterdir()]) == (b"new", ["a"])


@pytest.mark.parametrize("call", ["write", "fsync", "rename"])
def test_a_full_disk_leaves_the_old_bytes_and_nothing_else(
    place: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    files.create_exclusive(place, "a", b"old")
    with monkeypatch.context() as patch:
        patch.setattr(os, call, refuse)
        with pytest.raises(StorageError, match="no space left") as caught:
            files.replace(place, "a", b"new")

    assert "free some disk space" in caught.value.hint
    assert (files.read(place, "a"), [path.name for path in place.iterdir()]) == (b"old", ["a"])


def test_a_full_disk_leaves_no_new_file(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(StorageError):
            files.create_exclusive(place, "a", b"new")

    assert [path.name for path in place.iterdir()] == []


def refuse(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_short_write_is_continued(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data[:3])))

    files.create_exclusive(place, "a", b"some text")

    assert files.read(place, "a") == b"some text"


def test_a_missing_file_is_refused_unless_that_is_expected(place: Path) -> None:
    for attempt in (lambda: files.read(place, "a"), lambda: files.unlink(place, "a")):
        with pytest.raises(StorageError, match="no such file"):
            attempt()

    files.unlink(place, "a", missing_ok=True)


def test_what_is_no_regular_file_is_not_read_and_does_not_hang(place: Path) -> None:
    os.mkfifo(place / "pipe")
    (place / "directory").mkdir()

    for name in ("pipe", "directory"):
        for attempt in (files.read, lambda place, name: files.read_anywhere(place / name)):
            with pytest.raises(StorageError):
                attempt(place, name)


def test_a_file_over_the_limit_is_not_read(place: Path) -> None:
    files.create_exclusive(place, "a", b"12345")

    assert files.read(place, "a", limit=5) == b"12345"
    with pytest.raises(StorageError, match="limit of 4 bytes"):
        files.read(place, "a", limit=4)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../a", "a\0b", "a\n", "x" * 256])
def test_a_name_is_one_plain_component(place: Path, name: str) -> None:
    for attempt in (
        lambda: files.create_exclusive(place, name, b""),
        lambda: files.replace(place, name, b""),
        lambda: files.read(place, name),
        lambda: files.unlink(place, name),
    ):
        with pytest.raises(StorageError, match="plain component"):
            attempt()


def test_names_are_sorted_and_leave_out_what_is_hidden(place: Path) -> None:
    for name in ("b", "a", ".hidden"):
        files.create_exclusive(place, name, b"")

    assert files.names(place) == ["a", "b"]


def test_no_descriptor_stays_open(place: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for name in ("a", "a", "../x"):
        for attempt in (files.create_exclusive, files.replace):
            try:
                attempt(place, name, b"x")
            except StorageError:
                continue
    files.unlink(place, "a")

    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_ctrl_c_in_the_middle_leaves_no_half_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(descriptor: int, data: bytes) -> None:
        os.write(descriptor, data[:1])
        raise KeyboardInterrupt

    monkeypatch.setattr(files, "write_all", pressed)

    for write in (files.create_exclusive, files.replace):
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path, "key", b"secret")

    assert list(tmp_path.iterdir()) == []


LEFT = (".vault.txt.0123456789abcdef.tmp", ".other.0123456789abcdef.tmp")


@pytest.mark.parametrize(
    "opens",
    [
        lambda place: files.replace(place, "vault.txt", b"a new master"),
        lambda place: files.create_exclusive(place, "vault.txt", b"a new master"),
        files.sweep,
    ],
    ids=["replace", "create", "sweep"],
)
def test_what_a_killed_writer_left_goes_the_next_time(tmp_path: Path, opens: Callable[[Path], object]) -> None:
    """A vault's master lay in a hidden file after a kill, and outlived the rotation that made it worthless."""
    for name in LEFT:
        (tmp_path / name).write_text("an old master")
    for name in (".profile.tmp", "0123456789abcdef.tmp"):
        (tmp_path / name).write_text("not ours")

    opens(tmp_path)

    there = {path.name for path in tmp_path.iterdir()} - {"vault.txt"}
    assert there == {".profile.tmp", "0123456789abcdef.tmp"}


def test_what_a_living_writer_is_about_to_put_in_place_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = os.rename

    def slow(*names: str, **where: int) -> None:
        files.sweep(tmp_path)
        rename(*names, **where)

    monkeypatch.setattr(os, "rename", slow)

    files.replace(tmp_path, "a", b"whole")

    assert files.read(tmp_path, "a") == b"whole"


def test_a_file_that_was_swept_before_it_could_be_held_is_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold, once = files._hold, iter([True])

    def overtaken(descriptor: int, *, wait: bool = True) -> None:
        if next(once, False):
            files.sweep(tmp_path)
        hold(descriptor, wait=wait)

    monkeypatch.setattr(files, "_hold", overtaken)

    files.create_exclusive(tmp_path, "a", b"whole")

    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert files.read(tmp_path, "a") == b"whole"


def test_without_hard_links_a_new_file_is_whole_and_exclusive_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", unknown)

    files.create_exclusive(tmp_path, "a", b"whole")
    with pytest.raises(StorageError, match="exists"):
        files.create_exclusive(tmp_path, "a", b"other")

    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert files.read(tmp_path, "a") == b"whole"


KILLED = """
import os, signal, sys
from pathlib import Path
from overt.store import files
write = os.write
def dying(descriptor, data):
    write(descriptor, bytes(data[:3]))
    os.kill(os.getpid(), signal.SIGKILL)
os.write = dying
getattr(files, sys.argv[2])(Path(sys.argv[1]), "key", b"secret")
"""


@pytest.mark.parametrize("call", ["create_exclusive", "replace"])
def test_a_kill_in_the_middle_leaves_no_half_of_a_file_and_is_swept(tmp_path: Path, call: str) -> None:
    """A key or a grant of which half was there could neither be used nor made anew."""
    subprocess.run([sys.executable, "-c", KILLED, tmp_path, call], check=False)
    after_the_kill = [path.name for path in tmp_path.iterdir()]

    files.create_exclusive(tmp_path, "key", b"secret")

    assert [name for name in after_the_kill if not name.startswith(".")] == []
    assert len(after_the_kill) == 1
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"key": b"secret"}
