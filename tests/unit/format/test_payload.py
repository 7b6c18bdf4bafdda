"""The plaintext of a segment: records, padding, and what its size tells."""

import pytest

from overt.errors import FormatError
from overt.format.payload import JSON, PNG, Record, padded_size, parse_payload, render_payload


def records(*bodies: bytes) -> list[Record]:
    return [Record(tag=JSON, body=body) for body in bodies]


@pytest.mark.parametrize("bodies", [(b"{}",), (b"", b"x"), (b"x" * 1015,), (b"x" * 1016,), (b"a" * 5000, b"b")])
def test_records_are_read_back(bodies: tuple[bytes, ...]) -> None:
    assert [record.body for record in parse_payload(render_payload(records(*bodies)))] == list(bodies)


def test_everything_up_to_a_kilobyte_has_one_size() -> None:
    """Defect of a design without a floor: the size gave away the number of keys in each second."""
    assert {len(render_payload(records(b"x" * size))) for size in range(1016)} == {1024}


@pytest.mark.parametrize(("size", "padded"), [(1, 1024), (1024, 1024), (1025, 1088), (9000, 9216), (1 << 20, 1 << 20)])
def test_larger_sizes_are_rounded_as_padme_does(size: int, padded: int) -> None:
    assert padded_size(size) == padded


def test_padding_costs_at_most_an_eighth() -> None:
    assert all(size <= padded_size(size) <= size * 9 / 8 for size in range(1024, 200_000, 7))


def test_there_is_no_segment_without_a_record() -> None:
    with pytest.raises(FormatError):
        render_payload([])


def test_a_payload_over_the_limit_is_refused() -> None:
    with pytest.raises(FormatError):
        render_payload([Record(tag=PNG, body=bytes(1 << 26))])


@pytest.mark.parametrize(
    "plaintext",
    [
        b"",
        bytes(1024),
        bytes(3),
        b"\0\0\0\x05j\0\0\0\x01" + bytes(1015),
        b"\0\0\0\x05z\0\0\0\0" + bytes(1015),
        b"\0\0\0\x03j\0\0" + bytes(1017),
        b"\0\0\0\x05j\0\0\0\0" + bytes(1014),
        b"\0\0\0\x05j\0\0\0\0" + bytes(1016),
        b"\0\0\0\x05j\0\0\0\0" + bytes(1014) + b"x",
        b"\xff\xff\xff\xff" + bytes(1020),
    ],
    ids=[
        "empty",
        "no record",
        "cut",
        "over the end",
        "tag",
        "head cut",
        "short",
        "long",
        "pad",
        "big",
    ],
)
def test_another_spelling_is_refused(plaintext: bytes) -> None:
    with pytest.raises(FormatError):
        parse_payload(plaintext)
