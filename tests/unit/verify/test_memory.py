"""Whatever the bytes say, proving them takes little more memory than they do."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from overt.errors import VerificationError
from overt.format import container
from overt.verify import TrustDevice, verify_episode

ROOM = 64 << 20


def peak(data: bytes, trust: TrustDevice) -> int:
    """Return the most bytes that verification had allocated at once, beside *data*."""
    tracemalloc.start()
    try:
        verify_episode(data, trust=trust)
    except VerificationError:
        pass
    finally:
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return most


def member(name: str, data: bytes) -> bytes:
    return container.render_member(name, data)


HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "a segment of 64 MiB": lambda opening: opening + member("seg/00000001.m.age", bytes(ROOM)),
    "two of them, and no checkpoint": lambda opening: (
        opening + member("seg/00000001.m.age", bytes(ROOM)) + member("seg/00000001.c.age", bytes(ROOM))
    ),
    "a header of stanzas without end": lambda opening: (
        opening + member("seg/00000001.m.age", b"age-encryption.org/v1\n" + b"-> x\n\n" * (8 << 20))
        + member("cp/00000001.note", b"")
    ),
    "deep JSON": lambda _: member("episode.json", b"[" * (32 << 20)),
    "JSON of many numbers": lambda _: member("episode.json", b'{"a":[' + b"0," * (16 << 20) + b"0]}"),
    "a note of newlines": lambda opening: opening + member("seg/00000001.m.age", b"x") + member(
        "cp/00000001.note", b"\n" * (32 << 20)
    ),
    "zeros": lambda _: bytes(ROOM),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_file_takes_more_than_64_mib_beside_itself(name: str, desk: Any, sealed: Any) -> None:
    data = HOSTILE[name](sealed.parts[0])

    assert peak(data, TrustDevice(desk.device.vkey)) < ROOM / 16


def test_a_sound_episode_is_not_copied(desk: Any, make_typed: Any) -> None:
    data = desk.episode(*(([], [make_typed("x" * 1_000_000)]) for _ in range(20))).data

    assert len(data) > 20_000_000
    assert peak(data, TrustDevice(desk.device.vkey)) < len(data) / 10
