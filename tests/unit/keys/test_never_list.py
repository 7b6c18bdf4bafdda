"""The file of what is never recorded: private, asked anew, and everything when it cannot be read."""

import pytest

from overt.errors import FormatError
from overt.keys.never_list import NeverWatch, read_never, write_never
from overt.store.home import Home

PAGE = "https://en.wikipedia.org/wiki/Enigma"
OTHER = "https://de.wikipedia.org/wiki/Enigma"
PREFIX = ("https://en.wikipedia.org/",)


def test_nobody_else_can_read_the_file(employee: Home) -> None:
    write_never(employee, PREFIX)

    assert (employee.path / "never.json").stat().st_mode & 0o077 == 0
    assert read_never(employee) == PREFIX


def test_a_change_holds_from_the_next_question_on(employee: Home) -> None:
    watch = NeverWatch(employee)
    before = watch(PAGE)
    write_never(employee, PREFIX)
    during = watch(PAGE), watch(OTHER)
    write_never(employee, ())

    assert (before, during, watch(PAGE)) == (False, (True, False), False)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"\xff", b'{"format": "overt-never/1", "prefixes": [1]}'], ids=repr
)
def test_what_cannot_be_read_covers_every_page(employee: Home, content: bytes) -> None:
    watch = NeverWatch(employee)
    (employee.path / "never.json").write_bytes(content)

    assert watch(PAGE)
    with pytest.raises(FormatError):
        read_never(employee)


def test_a_list_that_vanishes_while_recording_covers_every_page(employee: Home) -> None:
    write_never(employee, PREFIX)
    watch = NeverWatch(employee)
    assert not watch(OTHER)

    (employee.path / "never.json").unlink()

    assert watch(OTHER)


def test_a_link_in_its_place_covers_every_page(employee: Home) -> None:
    (employee.path / "never.json").symlink_to("/nonexistent")

    assert NeverWatch(employee)(PAGE)
