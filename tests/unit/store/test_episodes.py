"""Episode files: one write a flush, cut back when the disk refuses, never reopened."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from overt.errors import StorageError
from overt.store import files
from overt.store.episodes import EpisodeStore

ID = "0123456789abcdef" * 2


@pytest.fixture
def store(tmp_path: Path) -> EpisodeStore:
    return EpisodeStore(tmp_path / "episodes")


def test_an_episode_grows_by_what_is_appended(store: EpisodeStore) -> None:
    with store.create(ID, b"first") as episode:
        episode.append(b" second")
        episode.append(b" third")

        assert episode.size == 18
    assert store.read(ID) == b"first second third"


def test_each_append_is_one_write_and_one_sync(store: EpisodeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    write = os.write
    with store.create(ID, b"first") as episode, monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda fd, data: calls.append("write") or write(fd, data))
        patch.setattr(os, "fdatasync", lambda _: calls.append("sync"))

        episode.append(b"x" * 100_000)

    assert calls == ["write", "sync"]


def test_a_second_writer_is_refused(store: EpisodeStore) -> None:
    with store.create(ID, b"first"), pytest.raises(StorageError):
        store.create(ID, b"other")

    assert store.read(ID) == b"first"


def test_keys_are_put_once_and_replaced_as_a_whole(store: EpisodeStore) -> None:
    store.put_keys(ID, b"old")

    with pytest.raises(StorageError):
        store.put_keys(ID, b"other")
    store.replace_keys(ID, b"new")

    assert store.read_keys(ID) == b"new"


def test_a_store_that_was_never_used_is_empty(store: EpisodeStore) -> None:
    assert store.list() == []


def test_episodes_are_listed_and_other_files_are_not(store: EpisodeStore, tmp_path: Path) -> None:
    for episode_id in ("f" * 32, "0" * 32):
        store.put(episode_id, b"x")
    store.put_keys("1" * 32, b"x")
    (tmp_path / "episodes/notes.ep").write_bytes(b"x")

    assert store.list() == ["0" * 32, "f" * 32]


def test_an_episode_handed_over_is_there_as_a_whole_or_not_at_all(
    store: EpisodeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that was killed while it wrote left half an episode, which every later run refused as another one."""

    def killed(descriptor: int, data: bytes) -> None:
        os.write(descriptor, data[:3])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(files, "write_all", killed)
        patch.setattr(os, "unlink", lambda *_, **__: None)
        with pytest.raises(KeyboardInterrupt):
            store.put(ID, b"finished")

    assert store.list() == []
    store.put(ID, b"finished")
    with pytest.raises(StorageError, match="exists"):
        store.put(ID, b"another")
    assert store.read(ID) == b"finished"


def test_a_refusal_names_the_file_and_not_what_stands_for_it_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr(files, "write_all", full)

    with pytest.raises(StorageError, match=r"^cannot write checkpoint: no space left on device$"):
        files.replace(tmp_path, "checkpoint", b"x")


def test_unlinking_takes_the_keys_too_and_may_be_repeated(store: EpisodeStore, tmp_path: Path) -> None:
    store.put_keys(ID, b"x")
    store.put(ID, b"x")

    store.unlink(ID)
    store.unlink(ID)

    assert list((tmp_path / "episodes").iterdir()) == []


@pytest.mark.parametrize("episode_id", ["", "..", "../" + "0" * 29, "A" * 32, "0" * 31, "0" * 33, "0" * 32 + "\n"])
def test_an_id_that_is_no_random_id_is_refused(store: EpisodeStore, episode_id: str) -> None:
    for attempt in (store.read, store.unlink, lambda name: store.create(name, b"")):
        with pytest.raises(StorageError):
            attempt(episode_id)


def test_a_closed_file_takes_nothing_more(store: EpisodeStore) -> None:
    episode = store.create(ID, b"first")
    episode.close()
    episode.close()

    with pytest.raises(StorageError, match="takes no more data"):
        episode.append(b"x")


def test_a_failed_sync_ends_the_file_at_its_last_flush(store: EpisodeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a failed sync nothing later can be trusted to reach the disk."""
    with store.create(ID, b"first") as episode:
        with monkeypatch.context() as patch:
            patch.setattr(files, "sync_data", refuse)
            with pytest.raises(StorageError, match="input/output error"):
                episode.append(b"lost")
        with pytest.raises(StorageError, match="takes no more data"):
            episode.append(b"more")

    assert store.read(ID) == b"first"


def refuse(_: int) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_after_a_refused_write_the_file_goes_on_at_its_last_flush(
    store: EpisodeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write

    def half_then_full_disk(descriptor: int, data: bytes) -> int:
        if len(data) <= 4:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, bytes(data[:4]))

    with store.create(ID, b"first") as episode:
        with monkeypatch.context() as patch:
            patch.setattr(os, "write", half_then_full_disk)
            with pytest.raises(StorageError, match="no space left"):
                episode.append(b"half-lost"[:8])

        assert store.read(ID) == b"first"
        episode.append(b" second")
    assert store.read(ID) == b"first second"


def test_a_first_write_that_fails_leaves_no_episode(store: EpisodeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: refuse(0))
        with pytest.raises(StorageError):
            store.create(ID, b"first")

    assert store.list() == []


LIMITED = """
import resource, signal, sys
from pathlib import Path
from overt.errors import StorageError
from overt.store.episodes import EpisodeStore
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = EpisodeStore(Path(sys.argv[1]))
with store.create("0" * 32, b"f" * 1000) as episode:
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
    episode.append(b"a" * 8000)
    try:
        episode.append(b"b" * 8000)
    except StorageError as problem:
        print(problem, "|", problem.hint, "|", episode.size)
    episode.append(b"c" * 500)
"""


def test_a_real_short_write_is_cut_back(tmp_path: Path) -> None:
    """The kernel itself writes a part: a limit on file sizes stops the second flush in its middle."""
    run = subprocess.run(
        [sys.executable, "-c", LIMITED, tmp_path / "episodes"], capture_output=True, text=True, check=True
    )

    assert run.stdout.startswith("cannot append to " + "0" * 32 + ".ep: file too large | a file size limit is set")
    assert EpisodeStore(tmp_path / "episodes").read("0" * 32) == b"f" * 1000 + b"a" * 8000 + b"c" * 500
