"""Selecting all of a field is an act of its own unless it edits what was typed here."""

from typing import Any

from overt.events.redacted import Pressed, Typed


def test_selecting_what_a_field_held_before_is_kept_so_that_the_text_after_it_replaces_it(desk: Any) -> None:
    desk.key("a", "ctrl")
    desk.type("keeper")

    out = desk.leave()

    assert [event.kind for event in out if event.kind in {"key", "type"}] == ["key", "type"]
    assert [event.keys for event in out if isinstance(event, Pressed)] == [("ctrl", "a")]
    assert [event.text for event in out if isinstance(event, Typed)] == ["keeper"]
