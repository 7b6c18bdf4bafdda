"""What pages call themselves, and what their texts say: people and waiting messages are no part of either."""

from typing import Any

import pytest

from overt.policy.urls import CleanUrl
from overt.redact.clean import clean_title, telling
from overt.redact.echo import Echo
from overt.redact.kinds import Kind

CARD = "5500 0055 5555 5559"


def address(path: str, host: str = "www.linkedin.com") -> CleanUrl:
    return CleanUrl(host=host, path=path, params=(), query=None)


@pytest.mark.parametrize("path", ["/in/jane-doe", "/in/", "/IN/jane", "/pub/jane", "/profile/view"])
def test_the_title_of_a_page_about_a_person_is_a_marker(path: str) -> None:
    cleaned = clean_title("Jane Doe | LinkedIn", address(path), Echo())

    assert (cleaned.text, cleaned.kinds) == ("[PERSON]", (Kind.PERSON,))


@pytest.mark.parametrize(
    ("path", "host"),
    [("/jobs/in/", "www.linkedin.com"), ("/in/", "www.google.com"), ("/insights/", "www.linkedin.com")],
)
def test_the_title_of_another_page_stays(path: str, host: str) -> None:
    assert clean_title("Lens maker", address(path, host), Echo()).text == "Lens maker"


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("(3) Lens maker", "Lens maker"),
        (" (99+)  Lens maker", "Lens maker"),
        ("Lens maker (3)", "Lens maker (3)"),
        ("(a) Lens maker", "(a) Lens maker"),
        (f"(3) {CARD}", "[CREDIT_CARD]"),
    ],
)
def test_a_title_does_not_tell_how_many_messages_wait(title: str, kept: str) -> None:
    assert clean_title(title, address("/jobs/"), Echo()).text == kept


def test_a_text_tells_in_whole_words_what_must_not_be_seen() -> None:
    text = f"It is ({CARD}), or jane.doe@example.org"

    found = [text[start:end] for start, end in telling(text)]

    assert found == [f"({CARD}),", "jane.doe@example.org"]
    assert telling("Keep the light") == []


def test_no_name_of_an_element_and_no_title_keeps_a_canary(desk: Any) -> None:
    """Names and titles of pages go through the detectors, as typed text does."""
    desk.leave()
    desk.enter("https://www.google.com/search?q=lamp", f"(2) {CARD} jane.doe@example.org")
    seq = desk.click()
    desk.redactor.hit(seq, "link", f"Write to jane.doe@example.org about {CARD}", None)

    stored = " ".join(str(each) for each in desk.leave())

    assert "5555" not in stored
    assert "jane.doe" not in stored
    assert "(2)" not in stored
    assert "[EMAIL]" in stored
