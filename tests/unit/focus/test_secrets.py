"""Once secret, always secret: a password is known again by any of its marks, while its document lives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.events.geometry import Rect
from overt.focus._backends._secrets import Secrets, is_disguised, is_password, marks_of, shows_bullets

PAGE = Rect(x=40, y=110, width=1000, height=600)
BOX = Rect(x=100, y=150, width=200, height=20)


def test_a_field_is_known_again_by_its_node() -> None:
    secrets = Secrets()

    secrets.remember("page", marks_of("node", {}, None, None))

    assert secrets.known("page", marks_of("node", {}, BOX, PAGE))
    assert not secrets.known("page", marks_of("other", {}, BOX, PAGE))


@pytest.mark.parametrize("attributes", [{"id": "pw"}, {"html-input-name": "pw"}])
def test_a_field_that_the_browser_made_anew_is_known_by_id_or_name(attributes: dict[str, str]) -> None:
    secrets = Secrets()

    secrets.remember("page", marks_of("old", attributes, None, None))

    assert secrets.known("page", marks_of("new", attributes | {"tag": "input"}, BOX, PAGE))


def test_a_field_without_id_and_name_is_known_by_its_place() -> None:
    secrets = Secrets()

    secrets.remember("page", marks_of("old", {}, BOX, PAGE))

    assert secrets.known("page", marks_of("new", {}, BOX.moved(5, 7), PAGE.moved(5, 7)))


def test_a_text_field_that_a_script_puts_where_the_password_was_is_secret() -> None:
    secrets = Secrets()

    secrets.remember("page", marks_of("old", {"id": "pw"}, BOX, PAGE))

    assert secrets.known("page", marks_of("new", {"id": "plain"}, BOX, PAGE))
    assert not secrets.known("page", marks_of("below", {"id": "plain"}, BOX.moved(0, 60), PAGE))


def test_a_field_of_another_document_is_another_field() -> None:
    secrets = Secrets()

    secrets.remember("page", marks_of("old", {"id": "pw"}, None, None))

    assert not secrets.known("next", marks_of("old", {"id": "pw"}, None, None))


def test_only_news_is_news() -> None:
    secrets = Secrets()
    marks = marks_of("node", {"id": "pw"}, None, None)

    assert secrets.remember("page", marks)
    assert not secrets.remember("page", marks)


def test_what_is_remembered_is_bounded_and_the_oldest_goes_first() -> None:
    secrets = Secrets()

    for number in range(1001):
        secrets.remember(f"page {number}", frozenset({"node"}))

    assert not secrets.known("page 0", frozenset({"node"}))
    assert secrets.known("page 1", frozenset({"node"}))


@pytest.mark.parametrize(
    ("head", "expected"), [("••••", True), ("•", True), ("■■", True), ("", False), ("•a", False), ("abcd", False)]
)
def test_bullets_and_nothing_else_are_a_masked_field(head: str, expected: bool) -> None:
    assert shows_bullets(head) is expected


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1, max_size=4))
def test_letters_and_digits_are_never_bullets(head: str) -> None:
    assert not shows_bullets(head)


def test_a_password_says_so_by_role_or_by_type() -> None:
    assert is_password("password text", {})
    assert is_password("entry", {"text-input-type": "password"})
    assert not is_password("entry", {"text-input-type": "text"})


@pytest.mark.parametrize(
    ("role", "tag", "expected"),
    [
        ("entry", "input", False),
        ("entry", "textarea", False),
        ("combo box", "textarea", False),
        ("spin button", "input", False),
        ("push button", "input", True),
        ("image", "input", True),
        ("slider", "input", True),
        ("entry", "div", True),
        ("section", "div", True),
        ("entry", "", False),
    ],
)
def test_a_password_that_calls_itself_a_button_is_no_ordinary_field(role: str, tag: str, expected: bool) -> None:
    """Chromium told of such a password neither its type nor its bullets, and it was kept; so were composers."""
    assert is_disguised(role, {"tag": tag} if tag else {}) is expected
