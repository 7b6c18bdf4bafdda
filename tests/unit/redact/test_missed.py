"""A text says when keys may have gone into its field unseen, and only then."""

from typing import Any

from overt.events.context import FieldInfo
from overt.events.redacted import Typed


def incomplete(out: list[Any]) -> list[bool]:
    return [event.incomplete for event in out if isinstance(event, Typed)]


def test_a_field_in_focus_that_missed_keys_says_so(desk: Any) -> None:
    desk.type("some words")

    desk.redactor.miss()

    assert incomplete(desk.leave()) == [True]


def test_a_field_that_missed_its_first_key_says_so(desk: Any) -> None:
    desk.redactor.miss("q")

    desk.type("ome words")

    assert incomplete(desk.leave()) == [True]


def test_a_field_that_a_password_took_the_focus_from_missed_nothing(desk: Any) -> None:
    """The keys that went unseen went into the password box: the text before it was called incomplete."""
    desk.type("some words")
    desk.focused = FieldInfo(key="pw", role="password text", editable=True, secret=True)
    desk.withhold()

    desk.redactor.miss()

    assert incomplete(desk.leave()) == [False]


def test_another_page_starts_anew(desk: Any) -> None:
    desk.redactor.miss("q")
    desk.leave()
    desk.enter()

    desk.type("some words")

    assert incomplete(desk.leave()) == [False]
