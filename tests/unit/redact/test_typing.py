"""Typed text is held by field and written when the field's epoch ends, with markers for what is withheld."""

from typing import Any

import pytest

from overt.events.context import FieldInfo
from overt.events.geometry import Rect
from overt.events.redacted import PageLeft, Pressed, RedactedEvent, RedactedFrame, Typed, Withheld
from overt.policy.signals import Signal
from overt.redact.limits import Limits

Out = list[RedactedEvent | RedactedFrame]


def texts(out: Out) -> list[str]:
    return [event.text for event in out if isinstance(event, Typed)]


def pressed(out: Out) -> list[tuple[str, ...]]:
    return [event.keys for event in out if isinstance(event, Pressed)]


def field(key: str, **more: Any) -> FieldInfo:
    return FieldInfo(key=key, **({"role": "entry", "editable": True} | more))


def test_nothing_of_a_field_is_handed_out_before_the_page_is_left(desk: Any) -> None:
    desk.type("ada")
    desk.key("enter")
    desk.click()
    desk.wait(3_000)

    before = desk.take()
    after = desk.leave()

    assert [event.kind for event in before] == ["page_entered"]
    assert [event.kind for event in after] == ["type", "key", "click", "page_left"]


def test_what_comes_before_a_held_field_is_handed_out_at_once(desk: Any) -> None:
    desk.click()
    desk.wait(2_000)
    desk.type("ada")

    assert [event.kind for event in desk.take()] == ["page_entered", "click"]


def test_typed_text_names_its_field_and_the_instant_at_which_it_was_entered(desk: Any) -> None:
    desk.at_ms = 1_250
    desk.click(310, 190)
    desk.at_ms = 7_777
    desk.type("ada")
    desk.at_ms = 9_999

    typed = next(event for event in desk.leave() if isinstance(event, Typed))

    assert typed.at_ms == 1_200
    assert typed.field is not None
    assert (typed.field.role, typed.field.name, typed.field.box) == ("entry", "Search", (100, 100, 400, 40))


@pytest.mark.parametrize(
    ("keys", "written"),
    [
        ("backspace", "ad"),
        ("left X", "adXa"),
        ("home X end Y", "XadaY"),
        ("left delete", "ad"),
        ("ctrl+a e v e", "eve"),
        ("ctrl+a backspace e", "e"),
        ("space e v e ctrl+backspace", "ada "),
        ("home ctrl+delete e v e", "eve"),
        ("ctrl+home X", "Xada"),
        ("right right X", "adaX"),
        ("ctrl+a left X", "Xada"),
        ("shift B", "adaB"),
    ],
)
def test_editing_keys_change_the_text_and_are_not_actions(desk: Any, keys: str, written: str) -> None:
    desk.type("ada")
    for key in keys.split():
        *held, name = key.split("+")
        desk.key(" " if name == "space" else name, *held)

    out = desk.leave()

    assert texts(out) == [written]
    assert pressed(out) == []


def test_text_that_was_erased_leaves_nothing(desk: Any) -> None:
    desk.type("ada")
    for _ in range(4):
        desk.key("backspace")

    assert texts(desk.leave()) == []


@pytest.mark.parametrize("name", ["enter", "tab"])
def test_a_key_that_leaves_closes_a_segment(desk: Any, name: str) -> None:
    desk.type("ada")
    desk.key(name)

    out = desk.leave()

    assert [event.kind for event in out[-3:]] == ["type", "key", "page_left"]
    assert pressed(out) == [(name,)]


def test_a_pause_closes_a_segment_and_the_next_has_all_that_the_field_holds(desk: Any) -> None:
    desk.type("ada")
    desk.wait(6_000)
    desk.type(" lovelace")

    assert texts(desk.leave()) == ["ada", "ada lovelace"]


def test_a_segment_that_changes_nothing_is_not_written_again(desk: Any) -> None:
    desk.type("ada")
    desk.wait(6_000)
    desk.type("x")
    desk.key("backspace")

    assert texts(desk.leave()) == ["ada"]


def test_a_card_becomes_one_marker_without_a_length(desk: Any) -> None:
    desk.type("pay 4111 1111 1111 1111 today")

    typed = next(event for event in desk.leave() if isinstance(event, Typed))

    assert typed.text == "pay [CREDIT_CARD] today"
    assert typed.withheld == ("CREDIT_CARD",)


def test_a_number_split_over_boxes_is_withheld_in_each(desk: Any) -> None:
    for box in ("one", "two", "three"):
        desk.type("4111", field(box))
        desk.key("tab")

    assert texts(desk.leave()) == ["[NUMBER]"] * 3


def test_one_short_number_is_kept(desk: Any) -> None:
    desk.type("2026")

    assert texts(desk.leave()) == ["2026"]


def test_a_paste_is_an_action_and_its_neighbours_are_withheld(desk: Any) -> None:
    desk.type("look at abc")
    desk.key("v", "ctrl")
    desk.type("def please")

    out = desk.leave()

    assert pressed(out) == [("ctrl", "v")]
    assert texts(out) == ["look at [SECRET]", "[SECRET] please"]


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        (("c", "ctrl"), ("ctrl", "c")),
        (("left", "alt"), ("alt", "left")),
        (("T", "shift", "ctrl"), ("ctrl", "shift", "t")),
        (("f5",), ("f5",)),
        (("tab", "shift"), ("shift", "tab")),
        (("\x03", "ctrl"), ("ctrl", "c")),
        (("pagedown",), ("pagedown",)),
        (("esc",), ("esc",)),
    ],
)
def test_other_keys_are_actions_by_their_names(desk: Any, keys: tuple[str, ...], named: tuple[str, ...]) -> None:
    desk.focused = field("q")
    desk.key(*keys)

    assert pressed(desk.leave()) == [named]


@pytest.mark.parametrize("name", ["shift", "ctrlleft", "altright", "capslock", "dead"])
def test_modifiers_alone_are_no_actions(desk: Any, name: str) -> None:
    desk.key(name)

    assert pressed(desk.leave()) == []


def test_an_altgr_character_is_text(desk: Any) -> None:
    desk.focused = field("q")
    desk.key("[", "altgr", "ctrl")

    assert texts(desk.leave()) == ["["]


def test_keys_typed_while_no_field_has_the_focus_are_held_and_detected_too(desk: Any) -> None:
    for char in "4111111111111111":
        desk.key(char)
    desk.key("pagedown")

    assert texts(desk.take()) == []
    assert texts(desk.leave()) == ["[CREDIT_CARD]"]


def test_a_space_that_scrolls_the_page_is_a_key(desk: Any) -> None:
    desk.key(" ")

    assert pressed(desk.leave()) == [("space",)]


@pytest.mark.parametrize(
    "sensitive",
    [
        field("f", label="Card number"),
        field("f", name="otp_code"),
        field("f", html_id="user-password"),
        field("f", input_type="email"),
        field("f", role="password text"),
    ],
)
def test_a_sensitive_field_is_withheld_whole_and_once(desk: Any, sensitive: FieldInfo) -> None:
    desk.type("ordinary looking words", sensitive)
    desk.key("enter")

    out = desk.leave()

    assert texts(out) == []
    assert pressed(out) == [("enter",)]
    assert len([event for event in out if isinstance(event, Withheld)]) == 1


def test_withholding_again_and_again_leaves_one_record_for_a_visit_of_a_field(desk: Any) -> None:
    desk.focused = field("secret", role="password text")
    for _ in range(9):
        desk.withhold()
    desk.type("ada", field("q"))
    desk.focused = field("secret", role="password text")
    desk.withhold()

    reasons = [event.reason for event in desk.leave() if isinstance(event, Withheld)]

    assert reasons == ["secret_field", "secret_field"]


def test_a_field_that_turns_out_to_be_secret_loses_what_was_held_of_it(desk: Any) -> None:
    desk.type("hunter")
    desk.wait(6_000)
    desk.withhold()
    desk.type("two")

    out = desk.leave()

    assert texts(out) == []
    assert [event.reason for event in out if isinstance(event, Withheld)] == ["secret_field"]


def test_a_field_that_holds_too_much_is_withheld_whole(desks: Any) -> None:
    desk = desks(limits=Limits(cells=10)).enter()
    desk.type("ada lovelace and more")

    out = desk.leave()

    assert texts(out) == []
    assert [event.reason for event in out if isinstance(event, Withheld)] == ["overflow"]


def test_what_the_page_says_that_the_field_holds_is_looked_at_too(desk: Any) -> None:
    """The page put ``password:`` before what was typed."""
    desk.type("correcthorse")
    desk.redactor.field_value("q", "password: correcthorse")
    desk.redactor.field_value("q", None)
    desk.redactor.field_value("another", "text")

    assert texts(desk.leave()) == ["[REPEATED]"]


def test_a_field_left_long_ago_commits_while_the_page_stays(desk: Any) -> None:
    desk.type("ada")
    desk.click(900, 600)
    desk.wait(119_000)
    held = desk.take()
    desk.wait(2_000)

    assert texts(held) == []
    assert texts(desk.take()) == ["ada"]


def test_a_field_in_focus_never_commits_by_itself(desk: Any) -> None:
    desk.type("ada")
    desk.wait(1_000_000)

    assert texts(desk.take()) == []


def test_the_end_of_the_session_commits_and_closes_the_page(desk: Any) -> None:
    desk.type("ada")
    desk.redactor.finish(at_ns=5_000_000_000)

    out = desk.take()

    assert texts(out) == ["ada"]
    assert isinstance(out[-1], PageLeft)


def test_a_withdrawal_drops_everything_that_is_held(desk: Any) -> None:
    desk.type("ada")
    desk.click()
    desk.frame()
    desk.redactor.discard()
    desk.type("eve")
    desk.redactor.finish(at_ns=desk.ns)

    assert desk.take() == []


def test_without_the_signal_no_text_is_held(desks: Any) -> None:
    desk = desks(signals=frozenset({Signal.CLICKS})).enter()
    desk.type("ada")
    desk.key("enter")

    assert [event.kind for event in desk.leave()] == ["page_entered", "page_left"]


def test_a_selection_with_shift_makes_the_caret_unknown(desk: Any) -> None:
    desk.type("abc1")
    desk.key("left", "shift")
    desk.type("2def")

    assert texts(desk.leave()) == ["[SECRET]", "[SECRET]"]


def test_a_selection_by_dragging_makes_the_caret_unknown(desk: Any) -> None:
    desk.type("correcthorse")
    desk.button(120, 190, pressed=True)
    desk.button(180, 190, pressed=False)
    desk.type("battery")

    assert texts(desk.leave()) == ["[SECRET]", "[SECRET]"]


def test_text_put_in_and_erased_again_was_on_the_screen_once(desk: Any) -> None:
    """A segment of it was already closed, so erasing it takes nothing back."""
    desk.type("horse")
    desk.click(120, 190)
    desk.type("password: correct")
    desk.wait(6_000)
    for _ in "password: correct":
        desk.key("backspace")

    assert not any("corr" in text or "horse" in text for text in texts(desk.leave()))


def test_half_a_character_is_dropped(desk: Any) -> None:
    """No file could hold it, and the detectors would refuse the text."""
    desk.type("a\ud800da")
    desk.title = "\udfff"
    desk.redactor.field_value("q", "\ud800")

    assert texts(desk.leave()) == ["ada"]


def test_a_box_of_a_field_is_told_in_pixels_of_the_content_area(desk: Any) -> None:
    desk.type("ada", field("q", rect=Rect(x=10, y=80, width=5, height=6), label="4111 1111 1111 1111"))

    typed = next(event for event in desk.leave() if isinstance(event, Typed))

    assert typed.field is not None
    assert typed.field.box == (0, 0, 5, 6)
    assert typed.field.name == "[CREDIT_CARD]"
