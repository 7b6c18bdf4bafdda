"""The plaintext of a segment is put together in one buffer, and nothing of it is left there."""

from typing import Any

import pytest

from overt.errors import UsageError
from overt.format import age_write


def watched(monkeypatch: pytest.MonkeyPatch, *, fails: bool = False) -> list[Any]:
    seen: list[Any] = []
    encrypt = age_write.encrypt

    def watching(plaintext: Any, recipients: Any) -> bytes:
        seen.append((plaintext, bytes(plaintext)))
        if fails:
            raise UsageError("no")
        return encrypt(plaintext, recipients)

    monkeypatch.setattr(age_write, "encrypt", watching)
    return seen


def test_the_buffer_of_a_flush_is_overwritten(desk: Any, make_typed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sealer, _ = desk.begin()
    seen = watched(monkeypatch)

    sealer.flush(meta=[], content=[make_typed("canary-5d1c")])

    ((buffer, was),) = seen
    assert b"canary-5d1c" in was
    assert (type(buffer), len(buffer), any(buffer)) == (bytearray, 1024, False)


def test_the_buffer_is_overwritten_when_sealing_fails(
    desk: Any, make_typed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealer, _ = desk.begin()
    seen = watched(monkeypatch, fails=True)

    with pytest.raises(UsageError):
        sealer.flush(meta=[], content=[make_typed("canary-5d1c")])

    assert not any(seen[0][0])
