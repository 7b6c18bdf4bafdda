"""Of an allowed address only host, path and what was looked for are kept."""

from dataclasses import replace

import pytest

from overt.policy.urls import clean

CLEANED = [
    (
        "https://www.google.com/search?q=ada+lovelace&ei=x1&ved=2&sca_esv=3",
        "https://www.google.com/search?q=ada%20lovelace",
        "ada lovelace",
    ),
    ("https://www.google.com/search?start=10&q=ada", "https://www.google.com/search?q=ada&start=10", "ada"),
    ("https://www.google.com/search?q=ada&q=eve", "https://www.google.com/search?q=ada", "ada"),
    ("https://WWW.google.com./?continue=https://x.example#token=1", "https://www.google.com/", None),
    (
        "https://en.wikipedia.org/wiki/Ada_Lovelace?wprov=srpw1_0#:~:text=secret",
        "https://en.wikipedia.org/wiki/Ada_Lovelace",
        None,
    ),
    ("https://fr.wikipedia.org/wiki/%C3%89mile", "https://fr.wikipedia.org/wiki/%C3%89mile", None),
    (
        "https://en.wikipedia.org/w/index.php?search=ada&title=Special%3ASearch&ns0=1",
        "https://en.wikipedia.org/w/index.php?search=ada&title=Special:Search",
        "ada",
    ),
    (
        "https://www.linkedin.com/jobs/search/?currentJobId=12345678&keywords=rust%20developer&trk=x&lipi=y",
        "https://www.linkedin.com/jobs/search/?keywords=rust%20developer",
        "rust developer",
    ),
    ("https://www.linkedin.com/jobs/view/3456789012/?refId=z", "https://www.linkedin.com/jobs/view/{job}", None),
    ("https://www.linkedin.com/pulse/an-article-by-ada-x1y2/", "https://www.linkedin.com/pulse/{article}", None),
]


@pytest.mark.parametrize(("seen", "kept", "query"), CLEANED)
def test_an_allowed_address_is_cleaned(seen: str, kept: str, query: str | None) -> None:
    cleaned = clean(seen)

    assert cleaned is not None
    assert (cleaned.url, cleaned.query) == (kept, query)


@pytest.mark.parametrize("kept", [kept for _, kept, _ in CLEANED])
def test_cleaning_twice_changes_nothing(kept: str) -> None:
    again = clean(kept)

    assert again is not None
    assert again.url == kept


@pytest.mark.parametrize("url", ["", "about:blank", "https://evil.example/?q=a", "https://www.google.com/maps"])
def test_an_address_that_is_not_allowed_has_no_clean_form(url: str) -> None:
    assert clean(url) is None


def test_a_marker_put_in_stays_readable() -> None:
    cleaned = clean("https://www.google.com/search?q=4111111111111111")

    assert cleaned is not None
    assert replace(cleaned, params=(("q", "[CREDIT_CARD]"),)).url == "https://www.google.com/search?q=[CREDIT_CARD]"


def test_an_address_never_shows_itself() -> None:
    assert "secretive" not in repr(clean("https://www.google.com/search?q=secretive"))
