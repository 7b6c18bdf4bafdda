"""The scripted focus source behaves as the real one promises to."""

import asyncio
from typing import TYPE_CHECKING

from overt.events.context import Absence, Context, NoContext
from overt.events.geometry import Rect
from overt.focus._backends._fake import PAGE, FakeFocus, a_context, a_field

if TYPE_CHECKING:
    from overt.focus.contract import FocusSource


def test_it_is_a_focus_source_without_a_window() -> None:
    source: FocusSource = FakeFocus(now=lambda: 7)

    assert asyncio.run(source.check()) == NoContext(absence=Absence.NO_WINDOW, taken_ns=7)


def test_every_change_is_told_and_makes_a_new_generation() -> None:
    source, changes = FakeFocus(now=lambda: 7), []
    source.on_change(lambda: changes.append(source.generation))

    source.set(a_context("https://en.wikipedia.org/", field=a_field(secret=True)))
    first = asyncio.run(source.check())
    again = asyncio.run(source.check())
    source.set(a_context("https://www.google.com/"), fire=False)
    second = asyncio.run(source.check())

    assert isinstance(first, Context)
    assert isinstance(second, Context)
    assert first == again
    assert first.field is not None
    assert first.field.secret
    assert second.generation > first.generation
    assert len(changes) == 1


def test_a_window_above_the_page_is_not_ours() -> None:
    source, context = FakeFocus(), a_context()

    source.covered.append(Rect(x=PAGE.x, y=PAGE.y, width=100, height=100))

    assert not source.owns(context, PAGE.x + 5, PAGE.y + 5)
    assert source.owns(context, PAGE.x + 500, PAGE.y + 5)
    assert not source.owns(context, 5000, 5)
