"""The container: one spelling for each member, readable by a stock tar."""

import subprocess
import tarfile
from io import BytesIO

import pytest

from overt.errors import FormatError
from overt.format.container import leaf, read_member, read_members, render_member

MEMBER = render_member("seg/00000001.m.age", b"x" * 700)


def test_a_member_is_read_back() -> None:
    member = read_member(b"\0" * 512 + MEMBER, 512)

    assert (member.name, member.data, member.end) == ("seg/00000001.m.age", b"x" * 700, 512 + len(MEMBER))


@pytest.mark.parametrize("size", [0, 1, 511, 512, 513])
def test_members_of_any_size_follow_each_other(size: int) -> None:
    archive = render_member("a", bytes(size)) + render_member("b.c", b"x" * size)

    assert [(member.name, len(member.data)) for member in read_members(archive)] == [("a", size), ("b.c", size)]


def test_every_flipped_bit_of_header_and_padding_is_refused() -> None:
    for bit in [*range(8 * 512), *range(8 * (512 + 700), 8 * len(MEMBER))]:
        changed = bytearray(MEMBER)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(FormatError):
            read_member(bytes(changed), 0)


def test_every_truncation_is_refused() -> None:
    for size in range(len(MEMBER)):
        with pytest.raises(FormatError):
            read_member(MEMBER[:size], 0)


def test_python_and_gnu_tar_read_the_same_members() -> None:
    archive = MEMBER + render_member("open.note", b"text\n")
    with tarfile.open(fileobj=BytesIO(archive)) as opened:
        assert opened.getnames() == ["seg/00000001.m.age", "open.note"]

    listed = subprocess.run(["tar", "tf", "-"], input=archive, capture_output=True, check=True)

    assert listed.stdout.split() == [b"seg/00000001.m.age", b"open.note"]


@pytest.mark.parametrize("name", ["", "/a", "a/", "../a", "a/../b", "a//b", ".a", "A", "a b", "a\n", "ä", "x" * 101])
def test_a_name_that_could_lead_elsewhere_is_never_written(name: str) -> None:
    with pytest.raises(FormatError):
        render_member(name, b"")


def test_a_member_over_the_limit_is_neither_written_nor_believed() -> None:
    with pytest.raises(FormatError, match="over the limit"):
        render_member("a", bytes((1 << 26) + 1))
    with pytest.raises(FormatError):
        read_member(render_member("a", b"")[:124] + b"77777777777\0", 0)


def test_the_leaf_names_the_member_its_size_and_its_hash() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    assert leaf("open.note", b"") == f"v1 open.note 0 {empty}".encode()
