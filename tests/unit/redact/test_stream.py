"""What the page reports of a field's text is held against the keys: the text is exact, or it is withheld."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import pytest

from overt.events.context import Change, FieldInfo
from overt.events.redacted import Pressed, RedactedEvent, RedactedFrame, Typed, Withheld
from overt.redact.limits import Limits
from overt.redact.redactor import Redactor
from overt.redact.stream import Agreement


class Desk(Protocol):
    """As ``conftest`` has it."""

    focused: FieldInfo | None
    redactor: Redactor
    at_ms: int

    def enter(self) -> "Desk": ...
    def key(self, name: str, *modifiers: str) -> None: ...
    def type(self, text: str, into: FieldInfo | None = None) -> None: ...
    def click(self, x: int = 900, y: int = 600, button: str = "left") -> int: ...
    def report(self, field: str, change: Change, at: int, text: str, whole: bool) -> None: ...
    def withhold(self) -> None: ...
    def leave(self) -> list[RedactedEvent | RedactedFrame]: ...


class Page:
    """A field that reports what a browser would: its own text, and each change of it."""

    def __init__(self, desk: "Desk", field: FieldInfo, text: str = "") -> None:
        self.desk, self.field, self.text = desk, field, text
        desk.focused = field
        self.report(Change.START, text=text)

    def report(self, change: Change, at: int = 0, text: str = "", *, whole: bool = True) -> None:
        self.desk.report(self.field.key, change, at, text, whole)

    def put(self, at: int, text: str) -> None:
        self.text = self.text[:at] + text + self.text[at:]
        self.report(Change.INSERT, at, text)

    def cut(self, at: int, count: int) -> None:
        gone, self.text = self.text[at : at + count], self.text[:at] + self.text[at + count :]
        self.report(Change.DELETE, at, gone)

    def says(self) -> None:
        self.report(Change.VALUE, text=self.text)

    def typed(self, text: str) -> None:
        """Each key, and its report right after it."""
        for char in text:
            self.desk.type(char)
            self.put(len(self.text), char)


def texts(made: list[RedactedEvent | RedactedFrame]) -> list[str]:
    return [each.text for each in made if isinstance(each, Typed)]


def reasons(made: list[RedactedEvent | RedactedFrame]) -> list[str]:
    return [each.reason for each in made if isinstance(each, Withheld)]


def pressed(made: list[RedactedEvent | RedactedFrame]) -> list[tuple[str, ...]]:
    return [each.keys for each in made if isinstance(each, Pressed)]


@pytest.fixture
def page(desk: Desk, box: Callable[..., FieldInfo]) -> Page:
    return Page(desk, box())


def test_text_after_an_unexplained_click_is_exact(page: Page, desk: Desk) -> None:
    """Keys alone do not know where the caret is then; the page tells."""
    page.typed("flights lisbon")
    desk.click(120, 190)
    for at, char in enumerate("to "):
        desk.type(char)
        page.put(8 + at, char)

    made = desk.leave()

    assert texts(made)[-1] == "flights to lisbon"
    assert desk.redactor.agreements == {Agreement.AGREED: 1}


def test_a_selection_that_is_typed_over_is_replaced(page: Page, desk: Desk) -> None:
    page.typed("paris hotels")
    desk.key("home", "shift")
    desk.type("r")
    page.cut(0, 12)
    page.put(0, "r")
    page.typed("ome")

    assert texts(desk.leave())[-1] == "rome"


def test_undo_and_redo_are_what_the_page_made_of_them(page: Page, desk: Desk) -> None:
    page.typed("one two")
    desk.key("z", "ctrl")
    page.cut(3, 4)
    desk.key("y", "ctrl")
    page.put(3, " two")
    page.typed("!")

    assert texts(desk.leave())[-1] == "one two!"


def test_a_paste_is_told_by_its_text_and_never_by_its_keys(page: Page, desk: Desk) -> None:
    page.typed("see ")
    desk.key("v", "ctrl")
    desk.type("!")
    page.put(4, "lighthouses")
    page.put(15, "!")

    made = desk.leave()

    assert [(each.text, each.how) for each in made if isinstance(each, Typed)] == [
        ("see ", None),
        ("see lighthouses", "paste"),
        ("see lighthouses!", None),
    ]
    assert pressed(made) == []


def test_a_pasted_secret_becomes_one_marker(page: Page, desk: Desk) -> None:
    page.typed("card ")
    desk.key("v", "ctrl")
    page.put(5, "4111 1111 1111 1111")

    made = desk.leave()

    assert texts(made)[-1] == "card [CREDIT_CARD]"


def test_a_paste_without_report_stays_a_hotkey(desk: Desk, box: Callable[..., FieldInfo]) -> None:
    desk.focused = box()
    desk.type("see ")
    desk.key("v", "ctrl")

    made = desk.leave()

    assert pressed(made) == [("ctrl", "v")]


def test_a_cut_is_told_by_what_it_left(page: Page, desk: Desk) -> None:
    page.typed("red green")
    desk.key("x", "ctrl")
    page.cut(3, 6)

    made = desk.leave()

    assert [(each.text, each.how) for each in made if isinstance(each, Typed)] == [("red green", None), ("red", "cut")]


def test_a_line_break_is_part_of_the_text(desk: Desk, box: Callable[..., FieldInfo]) -> None:
    page = Page(desk, replace(box(), multiline=True))
    page.typed("one")
    desk.key("enter")
    page.put(3, "\n\n")
    desk.type("t")
    page.cut(4, 1)
    page.put(4, "t")

    made = desk.leave()

    assert texts(made) == ["one", "one\nt"]
    assert pressed(made) == []


def test_an_enter_that_sends_empties_the_field_and_stays_a_key(desk: Desk, box: Callable[..., FieldInfo]) -> None:
    page = Page(desk, replace(box(), multiline=True))
    page.typed("hello")
    desk.key("enter")
    page.cut(0, 5)
    page.typed("bye")

    made = desk.leave()

    assert texts(made) == ["hello", "bye"]
    assert pressed(made) == [("enter",)]


def test_the_last_key_before_enter_may_be_reported_after_it(page: Page, desk: Desk) -> None:
    page.typed("lam")
    desk.type("p")
    desk.key("enter")
    page.put(3, "p")
    page.cut(0, 4)

    assert texts(desk.leave()) == ["lamp"]


def test_the_last_keys_may_never_be_reported(page: Page, desk: Desk) -> None:
    """The page is gone before it has told of them: the keys fill in."""
    page.typed("lam")
    desk.type("p")
    desk.key("enter")

    assert texts(desk.leave()) == ["lamp"]
    assert desk.redactor.agreements == {Agreement.LATE: 1}


def test_keys_that_came_before_the_first_report_are_recognised(desk: Desk, box: Callable[..., FieldInfo]) -> None:
    desk.type("lam", into=box())
    page = Page(desk, box(), "old lam")
    page.typed("p")

    assert texts(desk.leave()) == ["lamp"]


def test_what_the_field_held_before_is_not_the_persons(desk: Desk, box: Callable[..., FieldInfo]) -> None:
    page = Page(desk, box(), "old query")
    page.typed(" more")

    assert texts(desk.leave()) == [" more"]


def test_a_secret_that_was_begun_by_the_page_is_found(desk: Desk, box: Callable[..., FieldInfo]) -> None:
    page = Page(desk, box(), "4111 1111 ")
    page.typed("1111 1111")

    assert texts(desk.leave()) == ["[CREDIT_CARD]"]


def test_a_field_that_a_script_rewrites_is_withheld_once(page: Page, desk: Desk) -> None:
    for char in "ab":
        desk.type(char)
        page.put(len(page.text), f"{char.upper()}!")
    desk.click()
    page.typed("c")

    made = desk.leave()

    assert texts(made) == []
    assert reasons(made) == ["unexplained_text"]


def test_composed_text_is_withheld(page: Page, desk: Desk) -> None:
    page.typed("ni")
    desk.type(" ")
    page.cut(0, 2)
    page.put(0, "你")

    assert reasons(desk.leave()) == ["composed_text"]


@pytest.mark.parametrize("fault", [(Change.LOST, 0, ""), (Change.DELETE, 0, "zz"), (Change.INSERT, 99, "z")])
def test_reports_that_contradict_each_other_withhold(page: Page, desk: Desk, fault: tuple[Change, int, str]) -> None:
    page.typed("abc")
    page.report(*fault)

    made = desk.leave()

    assert texts(made) == []
    assert reasons(made) == ["changes_missing"]


def test_keys_whose_reports_are_missing_withhold_unless_the_field_confirms(
    desks: Callable[[], Desk], box: Callable[..., FieldInfo]
) -> None:
    outcomes = []
    for confirms in (False, True):
        desk = desks().enter()
        page = Page(desk, box())
        page.typed("ab")
        desk.type("c")
        page.typed("d")
        if confirms:
            page.says()
        made = desk.leave()
        outcomes.append((texts(made), reasons(made)))

    assert outcomes == [([], ["changes_missing"]), (["abd"], [])]


@pytest.mark.usefixtures("page")
def test_a_field_that_reports_nothing_is_told_by_its_keys(desk: Desk) -> None:
    desk.type("lamp")

    assert texts(desk.leave()) == ["lamp"]
    assert desk.redactor.agreements == {Agreement.KEYS_ALONE: 1}


@pytest.mark.usefixtures("page")
def test_keys_that_a_question_of_the_browsers_swallowed_are_not_the_fields_text(desk: Desk) -> None:
    """Chromium's request for a permission takes the keys, and tells nobody that it has the focus."""
    desk.type("lamp")
    desk.at_ms += 1000

    made = desk.leave()

    assert texts(made) == []
    assert reasons(made) == ["changes_missing"]


def test_what_is_swallowed_after_what_was_shown_is_not_kept_with_it(page: Page, desk: Desk) -> None:
    page.typed("brass ")
    desk.type("lamp")
    desk.at_ms += 1000

    assert texts(desk.leave()) == []


def test_what_was_erased_before_any_report_is_not_waited_for(page: Page, desk: Desk) -> None:
    page.typed("lamp")
    desk.type("x")
    desk.key("backspace")
    desk.at_ms += 1000

    assert texts(desk.leave()) == ["lamp"]


def test_a_rich_editor_falls_back_to_keys(page: Page, desk: Desk) -> None:
    page.typed("one")
    page.report(Change.INSERT, 3, "\ufffc")
    desk.type(" two")

    assert texts(desk.leave()) == ["one two"]


def test_a_space_that_does_not_break_and_is_written_again_stays_one_space(page: Page, desk: Desk) -> None:
    page.typed("one")
    desk.type(" ")
    page.put(3, "\xa0")
    desk.type("t")
    page.cut(3, 1)
    page.put(3, " t")

    assert texts(desk.leave()) == ["one t"]


def test_dead_keys_and_compose_are_told_by_what_came_of_them(page: Page, desk: Desk) -> None:
    desk.key("dead")
    desk.type("é")
    page.put(0, "\N{ACUTE ACCENT}")
    page.cut(0, 1)
    page.put(0, "é")
    desk.key("compose")
    desk.type("'a")
    page.put(1, "á")
    page.typed("x")

    assert texts(desk.leave())[-1] == "éáx"


def test_typing_over_a_selection_with_its_own_first_letter_types_it_once(page: Page, desk: Desk) -> None:
    page.typed("Zebra")
    desk.key("a", "ctrl")
    desk.type("Z")
    page.cut(0, 5)
    page.put(0, "Z")

    assert texts(desk.leave())[-1] == "Z"


def test_a_suggestion_that_was_clicked_is_the_persons(page: Page, desk: Desk) -> None:
    page.typed("Be")
    desk.click()
    page.put(2, "rlin")

    assert texts(desk.leave()) == ["Be", "Berlin"]


def test_text_that_a_script_puts_into_an_untouched_field_makes_no_event(page: Page, desk: Desk) -> None:
    page.put(0, "prefilled")

    assert texts(desk.leave()) == []


def test_a_secret_that_only_keys_show_is_withheld_from_the_pages_text(page: Page, desk: Desk) -> None:
    """A page that swallows what parts a number does not bring it out."""
    for char in "mail me at jane.doe@example.org":
        desk.type(char)
        if char != "@":
            page.put(len(page.text), char)
    page.says()

    assert "example" not in " ".join(texts(desk.leave()))


def test_a_field_that_becomes_secret_is_forgotten(page: Page, desk: Desk) -> None:
    page.typed("hunter2")
    desk.withhold()
    page.put(7, "x")

    assert texts(desk.leave()) == []


def test_a_longer_text_than_fits_is_left_to_the_keys(desks: Callable[..., Desk], box: Callable[..., FieldInfo]) -> None:
    desk = desks(limits=Limits(cells=4)).enter()
    page = Page(desk, box())
    page.typed("abcdef")

    assert reasons(desk.leave()) == ["overflow"]


def test_keys_that_the_gate_did_not_let_in_explain_their_characters(page: Page, desk: Desk) -> None:
    page.typed("a")
    desk.redactor.miss(page.field.key)
    page.put(1, "b")
    page.typed("c")

    assert texts(desk.leave())[-1] == "abc"


def test_a_report_that_comes_before_its_key_is_explained_by_it(page: Page, desk: Desk) -> None:
    page.typed("a")
    page.put(1, "b")
    desk.type("b")
    page.typed("c")

    assert texts(desk.leave())[-1] == "abc"
