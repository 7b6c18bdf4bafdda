"""Properties of episodes: every bit counts, and no bytes lead to an untyped error or to more than was sealed."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overt.errors import FormatError, VerificationError
from overt.format import container, merkle, note
from overt.format.payload import JSON, PNG, Record, parse_payload, render_payload
from overt.format.section_keys import parse_keys
from overt.format.walk import walk
from overt.verify import State, TrustDevice, verify_episode


@pytest.fixture(scope="module")
def small(desk: Any, make_typed: Any) -> Any:
    """Return the smallest closed episode with a flush."""
    return desk.episode(([], [make_typed("x")]))


def still_closed(data: bytes, trust: TrustDevice) -> bool:
    try:
        return verify_episode(data, trust=trust).state is not State.DAMAGED_TAIL
    except VerificationError:
        return False


def test_every_single_flipped_bit_is_detected(desk: Any, small: Any) -> None:
    """Exhaustive: 110,592 flips of a whole episode, about 25 seconds."""
    trust = TrustDevice(desk.device.vkey)
    data = bytearray(small.data)
    missed = []
    for bit in range(8 * len(data)):
        data[bit // 8] ^= 1 << bit % 8
        if still_closed(bytes(data), trust):
            missed.append(bit)
        data[bit // 8] ^= 1 << bit % 8

    assert missed == []
    assert still_closed(bytes(data), trust)


def test_every_truncation_is_told(desk: Any, small: Any) -> None:
    """Exhaustive: a cut at any byte leaves exactly the groups that are whole."""
    trust = TrustDevice(desk.device.vkey)
    ends = [len(b"".join(small.parts[: count + 1])) for count in range(2)]
    for size in range(len(small.data)):
        whole = [end for end in ends if end <= size]
        try:
            verdict = verify_episode(small.data[:size], trust=trust)
        except VerificationError:
            assert not whole
            continue
        assert (verdict.size, verdict.flushes) == (whole[-1], len(whole) - 1)
        assert verdict.state == (State.OPEN if size == whole[-1] else State.DAMAGED_TAIL)


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_a_mutated_episode_is_never_closed_and_never_an_untyped_error(
    sealed: Any, desk: Any, data: st.DataObject
) -> None:
    whole = sealed.data
    start, end = sorted((data.draw(st.integers(0, len(whole))), data.draw(st.integers(0, len(whole)))))
    middle = data.draw(st.binary(max_size=64) | st.just(whole[start:end] * 2) | st.just(bytes(512)))
    mutated = whole[:start] + middle + whole[end:]
    if mutated == whole:
        return

    try:
        verdict = verify_episode(mutated, trust=TrustDevice(desk.device.vkey))
    except VerificationError:
        return

    assert verdict.state is not State.CLOSED
    assert mutated[: verdict.size] == whole[: verdict.size]


@given(blob=st.binary(max_size=2000))
def test_no_bytes_lead_a_parser_to_an_untyped_error(blob: bytes) -> None:
    for parse in (walk, parse_payload, parse_keys, lambda data: list(container.read_members(data))):
        try:
            parse(blob)
        except (FormatError, VerificationError):
            continue


@given(text=st.text(max_size=200))
def test_no_text_leads_the_note_parser_to_an_untyped_error(text: str) -> None:
    for parse in (note.parse_note, note.VerifierKey.parse):
        for candidate in (text, f"text\n\n— {text}\n", f"name+00000000+{text}"):
            try:
                parse(candidate)
            except FormatError:
                continue


@given(
    bodies=st.lists(st.tuples(st.sampled_from([JSON, PNG]), st.binary(max_size=3000)), min_size=1, max_size=6),
)
def test_any_records_come_back(bodies: list[tuple[bytes, bytes]]) -> None:
    plaintext = render_payload([Record(tag=tag, body=body) for tag, body in bodies])

    assert [(record.tag, record.body) for record in parse_payload(plaintext)] == bodies


@given(
    members=st.lists(
        st.tuples(st.from_regex(r"[a-z0-9]{1,8}([./][a-z0-9]{1,8}){0,3}", fullmatch=True), st.binary(max_size=1100)),
        max_size=4,
    )
)
def test_any_members_come_back(members: list[tuple[str, bytes]]) -> None:
    archive = b"".join(container.render_member(name, data) for name, data in members)

    assert [(member.name, member.data) for member in container.read_members(archive)] == members


@given(size=st.integers(1, 300), data=st.data())
def test_any_proof_of_any_tree_verifies_and_of_no_other_leaf(size: int, data: st.DataObject) -> None:
    tree = merkle.Tree(merkle.leaf_hash(number.to_bytes(2, "big")) for number in range(size))
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(0, size))
    leaf = merkle.leaf_hash(index.to_bytes(2, "big"))

    merkle.verify_inclusion(leaf, index, size, tree.inclusion_proof(index, size), tree.root())
    merkle.verify_consistency(old, size, tree.consistency_proof(old, size), tree.root(old), tree.root())

    with pytest.raises(VerificationError):
        merkle.verify_inclusion(bytes(32), index, size, tree.inclusion_proof(index, size), tree.root())
