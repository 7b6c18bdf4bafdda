"""Sealing: only what was redacted, apart in two sections, and nothing that could open it again."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from overt.errors import FormatError, UsageError
from overt.events.redacted import RedactedFrame
from overt.format import container
from overt.format.age_header import parse
from overt.seal import EpisodeSealer, RoleRecipients
from overt.verify import State, TrustDevice, verify_episode


def names(data: bytes) -> list[str]:
    return [member.name for member in container.read_members(data)]


def test_an_opening_holds_the_episode_its_note_and_a_checkpoint(desk: Any) -> None:
    sealer, opening = desk.begin()

    assert names(opening.first) == ["episode.json", "open.note", "cp/00000000.note"]
    assert names(opening.keys) == ["c.age", "m.age"]
    assert opening.episode_id == sealer.episode_id
    assert set(opening.shares) == {"m", "c"}


def test_no_two_episodes_share_an_id_or_a_key(desk: Any) -> None:
    one, two = (next(container.read_members(desk.begin()[1].first)).data for _ in range(2))
    texts = [data.decode().replace('"', " ").split() for data in (one, two)]

    assert not {word for word in texts[0] if len(word) > 65} & {word for word in texts[1] if len(word) > 65}


def test_a_flush_keeps_content_and_metadata_apart(desk: Any, make_typed: Any, make_facts: Any) -> None:
    sealer, _ = desk.begin()

    both = sealer.flush(meta=[make_facts()], content=[make_typed("x")])
    content = sealer.flush(meta=[], content=[make_typed("x")])
    meta = sealer.flush(meta=[make_facts()], content=[])

    assert names(both) == ["seg/00000001.m.age", "seg/00000001.c.age", "cp/00000001.note"]
    assert names(content) == ["seg/00000002.c.age", "cp/00000002.note"]
    assert names(meta) == ["seg/00000003.m.age", "cp/00000003.note"]
    assert sealer.flushes == 3


def test_a_flush_of_nothing_is_no_flush(desk: Any) -> None:
    sealer, _ = desk.begin()

    assert (sealer.flush(meta=[], content=[]), sealer.flushes) == (b"", 0)


def test_every_segment_has_one_recipient_and_one_size(desk: Any, make_typed: Any) -> None:
    sealer, _ = desk.begin()
    segments = [
        next(container.read_members(sealer.flush(meta=[], content=[make_typed("x" * size)]))).data
        for size in (1, 40, 400)
    ]

    assert {len(data) for data in segments} == {len(segments[0])}
    assert [[stanza.type for stanza in parse(data).stanzas] for data in segments] == [["mlkem768x25519"]] * 3


def test_nothing_of_the_content_stands_in_the_bytes(desk: Any, make_typed: Any) -> None:
    episode = desk.episode(([], [make_typed("canary-7f3a")]))

    assert b"canary-7f3a" not in episode.data + episode.opening.keys


def test_a_trial_says_so_without_any_key(desk: Any) -> None:
    _, opening = desk.begin(trial=True)

    assert verify_episode(opening.first, trust=TrustDevice(desk.device.vkey)).trial


def test_closing_seals_the_last_metadata_and_ends_the_episode(desk: Any, make_facts: Any) -> None:
    sealer, opening = desk.begin()

    last = sealer.close(reason="withdrawn", meta=[make_facts()])

    verdict = verify_episode(opening.first + last, trust=TrustDevice(desk.device.vkey))
    assert (verdict.state, verdict.end_reason, verdict.flushes) == (State.CLOSED, "withdrawn", 1)
    assert sealer.root.hex() == verdict.root
    for attempt in (lambda: sealer.flush(meta=[make_facts()], content=[]), lambda: sealer.close(reason="stopped")):
        with pytest.raises(UsageError, match="closed"):
            attempt()


def test_an_unknown_reason_does_not_close(desk: Any, make_facts: Any) -> None:
    sealer, opening = desk.begin()

    with pytest.raises(FormatError):
        sealer.close(reason="because", meta=[make_facts()])

    data = opening.first + sealer.close(reason="error")
    assert verify_episode(data, trust=TrustDevice(desk.device.vkey)).state is State.CLOSED


def test_a_flush_that_the_store_refused_is_taken_back(desk: Any, make_typed: Any) -> None:
    sealer, opening = desk.begin()
    kept = sealer.flush(meta=[], content=[make_typed("kept")])
    sealer.flush(meta=[], content=[make_typed("refused")])

    sealer.take_back()
    data = opening.first + kept + sealer.flush(meta=[], content=[make_typed("next")]) + sealer.close(reason="storage")

    verdict = verify_episode(data, trust=TrustDevice(desk.device.vkey))
    assert (verdict.state, verdict.flushes) == (State.CLOSED, 2)


def test_only_the_last_flush_can_be_taken_back(desk: Any, make_typed: Any) -> None:
    sealer, _ = desk.begin()
    with pytest.raises(UsageError):
        sealer.take_back()
    sealer.flush(meta=[], content=[make_typed("x")])
    sealer.take_back()

    with pytest.raises(UsageError):
        sealer.take_back()


def test_what_is_not_redacted_is_refused_and_seals_nothing(desk: Any, make_typed: Any) -> None:
    raw: Any = object()
    sealer, opening = desk.begin()

    for meta, content in (([], [make_typed("x"), raw]), ([raw], []), ([make_typed("x")], [])):
        with pytest.raises(FormatError):
            sealer.flush(meta=meta, content=content)

    data = opening.first + sealer.close(reason="stopped")
    assert verify_episode(data, trust=TrustDevice(desk.device.vkey)).flushes == 0


def test_a_frame_that_is_not_the_announced_one_is_refused(desk: Any, make_frame: Any) -> None:
    """Sealed all the same, it would make its whole segment unreadable."""
    frame = make_frame()
    sealer, _ = desk.begin()

    with pytest.raises(FormatError, match="not the one"):
        sealer.flush(meta=[], content=[RedactedFrame(event=frame.event, png=frame.png + b"x")])


@pytest.mark.parametrize("field", ["grant", "policy_sha256", "vault_recipient"])
def test_a_malformed_argument_opens_nothing(desk: Any, field: str) -> None:
    arguments: dict[str, Any] = {
        "grant": "0" * 32,
        "policy_sha256": "0" * 64,
        "vault_recipient": desk.vault.recipient,
        "trial": False,
        "device": desk.device,
        "roles": RoleRecipients(
            auditor=desk.auditor.recipient, exporter=desk.exporter.recipient, employee=desk.employee.recipient
        ),
    }

    with pytest.raises(FormatError):
        EpisodeSealer.begin(**arguments | {field: "https://example.org/somebody"})


SNIPPET = """
from overt.events.raw import Admitted
from overt.events.redacted import Typed
from overt.seal import EpisodeSealer
def f(sealer: EpisodeSealer, admitted: Admitted, typed: Typed) -> None:
    sealer.flush(meta=[], content=[typed])
    sealer.flush(meta=[], content=[admitted])
    sealer.flush(meta=[typed], content=[])
"""


def test_mypy_rejects_sealing_what_was_not_redacted(tmp_path: Path) -> None:
    (tmp_path / "snippet.py").write_text(SNIPPET)

    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file=", "--strict", "--cache-dir", tmp_path / "cache", "snippet.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    wrong = [line.split(":")[1] for line in run.stdout.splitlines() if "list-item" in line]
    assert wrong == ["7", "8"], run.stdout


FORGETFUL = """
import gc, sys
from overt.format.age_write import new_identity
from overt.format.note import NoteSigner
from overt.seal import EpisodeSealer, RoleRecipients
one = [new_identity().recipient for _ in range(4)]
roles = RoleRecipients(auditor=one[0], exporter=one[1], employee=one[2])
control = new_identity()
begun = EpisodeSealer.begin(grant="0" * 32, policy_sha256="0" * 64, trial=False, device=NoteSigner.generate("d"),
                            roles=roles, vault_recipient=one[3])
gc.collect()
found = [o for o in gc.get_objects() if type(o).__name__ in {"Identity", "MLKEM768X25519PrivateKey"}]
print(len(found))
"""


def test_no_section_identity_is_left_alive_once_the_episode_is_open() -> None:
    """Objects alone, and the control is the one found: freed memory may show old bytes, as the allocator pleases."""
    run = subprocess.run([sys.executable, "-c", FORGETFUL], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "1"
