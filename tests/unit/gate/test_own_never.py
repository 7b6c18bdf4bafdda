"""What the person never wants recorded is dropped like a page off the list, from the next look on."""

from overt.events.verdict import DropReason
from overt.focus._backends._fake import a_context
from overt.gate import Open, page_of
from overt.policy.sites import SITES
from overt.recorder.view import View

BARRED = "https://en.wikipedia.org/wiki/Depression"
PLAIN = "https://en.wikipedia.org/wiki/Enigma"


def never(url: str) -> bool:
    return url == BARRED


def test_a_barred_page_is_told_apart_from_none_off_the_list() -> None:
    told = page_of(a_context(BARRED), SITES, frozenset(), never)

    assert told is page_of(a_context("https://mail.example/"), SITES) is DropReason.PAGE_NOT_ALLOWED
    assert isinstance(page_of(a_context(PLAIN), SITES, frozenset(), never), Open)


def test_a_page_that_becomes_barred_while_in_view_is_left() -> None:
    barred: set[str] = set()
    view = View(SITES, never=barred.__contains__)
    entered = view.observe(a_context(PLAIN), 0)
    barred.add(PLAIN)

    first = view.observe(a_context(PLAIN), 1_000_000_000)
    left = view.observe(a_context(PLAIN), 2_000_000_000)

    assert entered is not None
    assert entered.to is not None
    assert (first, left and left.to) == (None, None)
    assert left is not None
