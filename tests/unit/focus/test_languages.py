"""A private window is told from an ordinary one in every known language, and an unknown one is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.focus._backends._languages import (
    CHROMIUM_MARKS,
    Kind,
    chromium_window,
    firefox_language,
    firefox_window,
)

BAR = "Address and search bar"


@pytest.mark.parametrize(("bar", "marks"), CHROMIUM_MARKS.items())
def test_every_mark_is_known_in_its_own_language(bar: str, marks: tuple[str, ...]) -> None:
    title = "Wikipedia - Chromium"

    assert len(marks) >= 2
    for mark in marks:
        assert chromium_window(accessible_name=f"{title} {mark}", title=title, address_bar=bar) is Kind.PRIVATE
    assert chromium_window(accessible_name=title, title=title, address_bar=bar) is Kind.ORDINARY


@pytest.mark.parametrize(
    ("name", "title", "bar", "expected"),
    [
        ("A - Chromium", "A - Chromium", BAR, Kind.ORDINARY),
        ("A - Chromium - Work", "A - Chromium", BAR, Kind.ORDINARY),
        ("A - Chromium (Incognito)", "A - Chromium", BAR, Kind.PRIVATE),
        ("A - Chromium (Guest)", "A - Chromium", BAR, Kind.PRIVATE),
        ("A - Chromium (anonym)", "A - Chromium", BAR, Kind.PRIVATE),
        ("A (Incognito) - Chromium", "A (Incognito) - Chromium", BAR, Kind.ORDINARY),
        ("A - Chromium (Secreto)", "A - Chromium", BAR, Kind.UNCLEAR),
        ("B - Chromium", "A - Chromium", BAR, Kind.UNCLEAR),
        ("A - Chromium", "", BAR, Kind.UNCLEAR),
        ("A - Chromium", "A - Chromium", "", Kind.UNKNOWN_LANGUAGE),
        ("A - Chromium", "A - Chromium", "Cuadro de direcciones", Kind.UNKNOWN_LANGUAGE),
        ("A - Chromium (Incognito)", "A - Chromium", "", Kind.PRIVATE),
    ],
)
def test_a_chromium_window_is_ordinary_only_beyond_doubt(name: str, title: str, bar: str, expected: Kind) -> None:
    assert chromium_window(accessible_name=name, title=title, address_bar=bar) is expected


@given(title=st.text(max_size=40), suffix=st.text(min_size=1, max_size=20))
def test_an_unknown_suffix_is_never_ordinary(title: str, suffix: str) -> None:
    found = chromium_window(accessible_name=f"{title} ({suffix})", title=title, address_bar=BAR)

    assert found is not Kind.ORDINARY


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        ("A — Mozilla Firefox", "en", Kind.ORDINARY),
        ("Mozilla Firefox", "en", Kind.ORDINARY),
        ("A — Mozilla Firefox Private Browsing", "en", Kind.PRIVATE),
        ("A — Mozilla Firefox (Private Browsing)", "en", Kind.PRIVATE),
        ("A — Navigation privée de Mozilla Firefox", "en", Kind.PRIVATE),
        ("Mozilla Firefox — A", "en", Kind.PRIVATE),
        ("A — Mozilla Firefox", "xx", Kind.UNKNOWN_LANGUAGE),
        ("A — Mozilla Firefox", "", Kind.UNKNOWN_LANGUAGE),
    ],
)
def test_a_firefox_window_is_ordinary_only_when_its_name_ends_in_the_browsers(
    title: str, language: str, expected: Kind
) -> None:
    assert firefox_window(accessible_name=title, title=title, language=language) is expected


def test_a_firefox_window_of_two_names_is_unclear() -> None:
    found = firefox_window(accessible_name="A — Mozilla Firefox", title="B — Mozilla Firefox", language="en")

    assert found is Kind.UNCLEAR


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, ""),
        ({"PATH": "/usr/bin"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "fr:en"}, "fr"),
        ({"LANG": "sr@latin"}, "sr"),
    ],
)
def test_the_language_of_firefox_is_read_from_its_environment(environment: dict[str, str], expected: str) -> None:
    assert firefox_language(environment) == expected
