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


@pytest.fixture(scope="module")
def other(desk: Any, make_typed: Any, make_facts: Any) -> Any:
    """Return another episode of the same device."""
    return desk.episode(([make_facts()], [make_typed("y")]), ([], [make_typed("z")]))


def proven(data: bytes, trust: TrustDevice) -> tuple[str, int, int]:
    """Return the state, and how many bytes and flushes count."""
    try:
        verdict = verify_episode(data, trust=trust)
    except VerificationError:
        return "invalid", 0, 0
    return verdict.state.value, verdict.size, verdict.flushes


def test_a_flipped_bit_in_any_byte_is_detected_and_costs_no_group_before_it(desk: Any, small: Any) -> None:
    """One bit of each byte, another one each time; all of them are flipped in the soak."""
    trust = TrustDevice(desk.device.vkey)
    ends = [len(small.parts[0]), len(b"".join(small.parts[:2]))]
    data = bytearray(small.data)
    wrong = []
    for at in range(len(data)):
        bit = 1 << (at * 5 + at // 8) % 8
        data[at] ^= bit
        whole = [end for end in ends if end <= at]
        expected = ("damaged-tail", whole[-1], len(whole) - 1) if whole else ("invalid", 0, 0)
        if proven(bytes(data), trust) != expected:
            wrong.append(at)
        data[at] ^= bit

    assert wrong == []
    assert proven(bytes(data), trust) == ("closed", len(data), 1)


def test_a_cut_at_any_byte_leaves_exactly_the_groups_that_are_whole(desk: Any, small: Any) -> None:
    trust = TrustDevice(desk.device.vkey)
    ends = [len(small.parts[0]), len(b"".join(small.parts[:2]))]
    for size in range(len(small.data)):
        whole = [end for end in ends if end <= size]
        state = "open" if size in whole else "damaged-tail"

        expected = (state, whole[-1], len(whole) - 1) if whole else ("invalid", 0, 0)

        assert proven(small.data[:size], trust) == expected


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


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_members_of_one_device_put_together_anew_prove_no_more_than_was_sealed(
    sealed: Any, other: Any, desk: Any, data: st.DataObject
) -> None:
    """Every member is whole, and many stand under a right checkpoint: only their order and their company are wrong."""
    whole = sealed.data
    pool = [(member.name, member.data) for each in (whole, other.data) for member in container.read_members(each)]
    own = list(range(len(list(container.read_members(whole)))))
    at = data.draw(st.integers(0, len(own)))
    taken = data.draw(st.lists(st.integers(0, len(pool) - 1), max_size=4))
    order = [*own[:at], *taken, *own[at + data.draw(st.integers(0, 3)) :]]
    renamed = data.draw(st.integers(0, len(pool) - 1))
    members = [(pool[renamed][0], pool[one][1]) if data.draw(st.booleans()) else pool[one] for one in order]
    mixed = b"".join(container.render_member(name, body) for name, body in members)

    state, size, _ = proven(mixed, TrustDevice(desk.device.vkey))

    source = other.data if mixed.startswith(other.parts[0]) else whole
    assert mixed[:size] == source[:size]
    assert state != "closed" or mixed in {whole, other.data}


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
