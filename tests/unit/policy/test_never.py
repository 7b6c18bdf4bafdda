"""What a person never wants recorded is judged by how a page's address begins, in every way to write it."""

import pytest

from overt.errors import PolicyError
from overt.policy.never import NeverList, prefix_of

WIKI = "https://en.wikipedia.org"


@pytest.mark.parametrize(
    ("prefix", "url"),
    [
        ("en.wikipedia.org", f"{WIKI}/wiki/Enigma"),
        ("https://en.wikipedia.org/", f"{WIKI}/"),
        ("en.wikipedia.org/wiki/Depression", f"{WIKI}/wiki/Depression"),
        ("en.wikipedia.org/wiki/Depression", f"{WIKI}/wiki/Depression_(mood)?action=history#top"),
        ("en.wikipedia.org/wiki/Depression", "https://en.m.wikipedia.org/wiki/depression"),
        ("en.wikipedia.org/wiki/Depression", f"{WIKI}/w/index.php?title=Depression&action=history"),
        ("en.wikipedia.org/wiki/Major_depressive", f"{WIKI}/w/index.php?title=Major%20depressive_disorder"),
        ("www.google.com/search?q=clinic", "https://www.google.com/search?hl=en&q=Clinic+near+me"),
        ("www.google.com/search?q=clinic", "https://google.com/search?q=clinic"),
        ("en.wikipedia.org", "https://en.wikipedia.org/%zz"),
    ],
)
def test_a_page_whose_address_begins_so_is_covered(prefix: str, url: str) -> None:
    assert NeverList([prefix]).covers(url)


@pytest.mark.parametrize(
    ("prefix", "url"),
    [
        ("en.wikipedia.org", "https://de.wikipedia.org/wiki/Enigma"),
        ("en.wikipedia.org/wiki/Depression", f"{WIKI}/wiki/Enigma"),
        ("www.google.com/search?q=clinic", "https://www.google.com/search?q=weather"),
        ("www.google.com/search?q=clinic", "https://www.google.com/search"),
    ],
)
def test_another_page_is_not(prefix: str, url: str) -> None:
    assert not NeverList([prefix]).covers(url)


def test_an_empty_list_covers_nothing_not_even_what_cannot_be_read() -> None:
    assert not NeverList().covers("nonsense")


@pytest.mark.parametrize(
    "text", ["", "http://en.wikipedia.org", "x", "a@en.wikipedia.org", "mail.example", "en.wikipedia.org:8"]
)
def test_what_is_no_address_of_a_recorded_site_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(PolicyError) as caught:
        prefix_of(text)

    assert not text or text not in str(caught.value)[:20]


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("http://en.wikipedia.org", "^this is not the beginning", "write it like en.wikipedia.org/wiki/Depression"),
        ("mail.example", "^nothing is ever recorded", "list pages of recorded sites"),
    ],
)
def test_a_refused_address_is_answered_with_what_to_write(text: str, said: str, hint: str) -> None:
    with pytest.raises(PolicyError, match=said) as caught:
        prefix_of(text)

    assert str(caught.value.hint).startswith(hint)


def test_an_address_has_500_characters_at_most() -> None:
    longest = f"{WIKI}/wiki/".ljust(500, "x")

    assert prefix_of(longest).text == longest
    with pytest.raises(PolicyError):
        prefix_of(longest + "x")
