"""What verification proves, and what each attack leads to."""

import hashlib
from typing import Any

import pytest

from overt.errors import VerificationError
from overt.format import container, merkle
from overt.format.age_write import encrypt
from overt.format.checkpoint import Checkpoint
from overt.format.note import NoteSigner
from overt.format.payload import Record, render_payload
from overt.verify import State, TrustDevice, UnsafeAnyDevice, Verdict, verify_episode


@pytest.fixture
def check(desk: Any) -> Any:
    def verify(data: bytes) -> Verdict:
        return verify_episode(data, trust=TrustDevice(desk.device.vkey))

    return verify


def test_a_closed_episode_is_proven_whole(check: Any, sealed: Any) -> None:
    verdict = check(sealed.data)

    assert (verdict.state, verdict.reason, verdict.end_reason) == (State.CLOSED, "", "stopped")
    assert (verdict.flushes, verdict.leaves, verdict.size) == (3, 7, len(sealed.data))
    assert verdict.episode_id == sealed.opening.episode_id
    assert (verdict.segments, verdict.device_trusted, verdict.trial) == ({"m": 2, "c": 2}, True, False)


def test_the_root_covers_every_byte_of_every_member(check: Any, sealed: Any) -> None:
    tree = merkle.Tree()
    for member in container.read_members(sealed.data):
        if not member.name.startswith("cp/"):
            digest = hashlib.sha256(member.data).hexdigest()
            tree.append(f"v1 {member.name} {len(member.data)} {digest}".encode())

    assert check(sealed.data).root == tree.root().hex()


def test_an_episode_cut_between_flushes_is_open_and_all_of_it_counts(check: Any, sealed: Any) -> None:
    verdict = check(b"".join(sealed.parts[:2]))

    assert (verdict.state, verdict.flushes, verdict.end_reason) == (State.OPEN, 1, None)


def test_an_episode_of_another_device_is_invalid(sealed: Any) -> None:
    stranger = NoteSigner.generate("dev-0a1b2c3d")

    with pytest.raises(VerificationError, match=r"invalid: open\.note is signed by another key"):
        verify_episode(sealed.data, trust=TrustDevice(stranger.vkey))


def test_a_device_name_of_another_key_does_not_help(sealed: Any, desk: Any) -> None:
    renamed = NoteSigner.from_seed("another-name", desk.device.seed())

    with pytest.raises(VerificationError):
        verify_episode(sealed.data, trust=TrustDevice(renamed.vkey))


def test_without_a_device_key_the_verdict_says_that_nobody_vouches(sealed: Any) -> None:
    verdict = verify_episode(sealed.data, trust=UnsafeAnyDevice())

    assert (verdict.state, verdict.device_trusted) == (State.CLOSED, False)


def test_every_truncation_leaves_exactly_the_whole_flushes(check: Any, sealed: Any) -> None:
    """Every byte offset around the blocks' edges, and one in 97 elsewhere."""
    ends = [len(b"".join(sealed.parts[: count + 1])) for count in range(4)]
    data = sealed.data
    offsets = {*range(0, len(data), 97), *(edge + off for edge in range(0, len(data), 512) for off in (-1, 0, 1))}
    for offset in sorted(offset for offset in offsets if 0 <= offset < len(data)):
        whole = [end for end in ends if end <= offset]
        if not whole:
            with pytest.raises(VerificationError):
                check(data[:offset])
            continue

        verdict = check(data[:offset])

        assert verdict.size == whole[-1], offset
        assert verdict.flushes == len(whole) - 1
        assert verdict.state == (State.OPEN if offset == whole[-1] else State.DAMAGED_TAIL)


@pytest.mark.parametrize(
    ("order", "flushes"),
    [((0, 2, 1, 3, 4), 0), ((0, 1, 3, 4), 1), ((0, 1, 1, 2, 3, 4), 1), ((0, 4), 0), ((0, 1, 2, 4), 2)],
    ids=["reordered", "dropped", "duplicated", "all dropped", "last dropped"],
)
def test_moved_flushes_end_what_counts(check: Any, sealed: Any, order: tuple[int, ...], flushes: int) -> None:
    verdict = check(b"".join(sealed.parts[index] for index in order))

    assert (verdict.state, verdict.flushes) == (State.DAMAGED_TAIL, flushes)
    assert verdict.end_reason is None


def test_a_flush_of_another_episode_by_the_same_device_does_not_count(
    check: Any, desk: Any, sealed: Any, make_typed: Any
) -> None:
    other = desk.episode(([], [make_typed("x")]))

    verdict = check(sealed.parts[0] + other.parts[1])

    assert (verdict.state, verdict.flushes) == (State.DAMAGED_TAIL, 0)


@pytest.mark.parametrize("tail", [b"\0", bytes(512), bytes(1024), b"x" * 600], ids=["byte", "block", "eof", "junk"])
def test_bytes_after_the_close_are_a_damaged_tail_and_the_close_still_stands(
    check: Any, sealed: Any, tail: bytes
) -> None:
    verdict = check(sealed.data + tail)

    assert (verdict.state, verdict.end_reason, verdict.size) == (State.DAMAGED_TAIL, "stopped", len(sealed.data))


def test_a_whole_episode_after_another_does_not_count(check: Any, sealed: Any) -> None:
    assert check(sealed.data + sealed.data).state is State.DAMAGED_TAIL


def test_a_flush_forged_by_somebody_who_knows_the_recipients_does_not_count(check: Any, sealed: Any) -> None:
    """Everything is right but the key that signs the checkpoint."""
    head = b"".join(sealed.parts[:4])
    members = list(container.read_members(head))
    recipient = members[0].data.decode().split('"c":"')[1].split('"')[0]
    segment = encrypt(render_payload([Record(tag=b"j", body=b"{}")]), [recipient])
    tree = merkle.Tree()
    for member in members:
        if not member.name.startswith("cp/"):
            tree.append(container.leaf(member.name, member.data))
    tree.append(container.leaf("seg/00000004.c.age", segment))
    origin = f"dev-0a1b2c3d/ep/{sealed.opening.episode_id}"
    claim = Checkpoint(origin=origin, size=tree.size, root=tree.root()).text()
    forged = container.render_member("seg/00000004.c.age", segment) + container.render_member(
        "cp/00000004.note", NoteSigner.generate(origin).sign(claim).encode()
    )

    verdict = check(head + forged)

    assert (verdict.state, verdict.flushes) == (State.DAMAGED_TAIL, 3)


def test_an_episode_under_a_new_episode_key_is_refused(desk: Any, sealed: Any) -> None:
    """Rewriting everything from the key down fails at the device's note, which names the old opening."""
    members = list(container.read_members(sealed.parts[0]))
    signer = NoteSigner.generate(f"dev-0a1b2c3d/ep/{sealed.opening.episode_id}")
    text = members[0].data.decode()
    vkey = text.split('"vkey":"')[1].split('"')[0]
    header = text.replace(vkey, signer.vkey).encode()
    tree = merkle.Tree()
    tree.append(container.leaf("episode.json", header))
    tree.append(container.leaf("open.note", members[1].data))
    claim = Checkpoint(origin=signer.name, size=2, root=tree.root()).text()
    forged = (
        container.render_member("episode.json", header)
        + container.render_member("open.note", members[1].data)
        + container.render_member("cp/00000000.note", signer.sign(claim).encode())
    )

    with pytest.raises(VerificationError, match="another episode"):
        verify_episode(forged, trust=TrustDevice(desk.device.vkey))


def test_the_spare_base64_bits_of_a_signature_are_not_free(check: Any, sealed: Any) -> None:
    """Defect of a first design: one spare bit in the last base64 character changed nothing."""
    data = sealed.data
    end = data.rindex(b"=") - 1
    flipped = 0
    for bit in range(8):
        changed = data[:end] + bytes([data[end] ^ 1 << bit]) + data[end + 1 :]
        flipped += check(changed).state is State.DAMAGED_TAIL

    assert flipped == 8


def test_the_leaf_covers_the_age_header(check: Any, sealed: Any) -> None:
    """Defect of a first design: a leaf over the payload alone left 12,575 flips of the header unseen."""
    at = sealed.data.index(b"-> mlkem768x25519 ") + 30
    changed = sealed.data[:at] + bytes([sealed.data[at] ^ 1]) + sealed.data[at + 1 :]

    assert check(changed).flushes == 0


@pytest.mark.parametrize("data", [b"", b"\0" * 512, b"not an episode", b"\xff" * 2048], ids=repr)
def test_what_is_no_episode_is_invalid(check: Any, data: bytes) -> None:
    with pytest.raises(VerificationError, match=r"^invalid: "):
        check(data)
