"""Which page is in view, and when it came and went."""

from overt.events.context import Absence, Context, Document, Focus, NoContext, Window
from overt.events.geometry import Rect
from overt.recorder.view import GRACE_NS, View

SITES = frozenset({"google", "wikipedia"})
RECT = Rect(x=0, y=0, width=800, height=600)
GOOGLE = "https://www.google.com/search?q=otter"
WIKI = "https://en.wikipedia.org/wiki/Otter"


def page(uri: str, key: str = "p", xid: int = 1) -> Context:
    return Context(
        window=Window(xid=xid, pid=2, browser="chromium", rect=RECT),
        documents=(Document(key=key, uri=uri, rect=RECT),),
        field=None,
        generation=1,
        taken_ns=0,
    )


AWAY = NoContext(absence=Absence.NOT_A_BROWSER, taken_ns=0)


def turns(*steps: tuple[Focus, int]) -> list[tuple[str | None, int]]:
    view, seen = View(SITES), []
    for focus, at_ns in steps:
        turned = view.observe(focus, at_ns)
        if turned is not None:
            seen.append((turned.to.page.uri if turned.to else None, turned.at_ns))
    return seen


def test_the_first_allowed_page_is_a_turn_and_the_same_page_again_is_none() -> None:
    assert turns((page(GOOGLE), 5), (page(GOOGLE), 9)) == [(GOOGLE, 5)]


def test_a_page_that_was_never_allowed_is_no_turn() -> None:
    assert turns((page("https://example.com/"), 0), (AWAY, GRACE_NS * 3)) == []


def test_another_address_in_the_same_document_is_another_visit() -> None:
    assert turns((page(GOOGLE), 0), (page("https://www.google.com/search?q=seal"), 1)) == [
        (GOOGLE, 0),
        ("https://www.google.com/search?q=seal", 1),
    ]


def test_a_fragment_or_a_parameter_that_is_not_kept_is_the_same_visit() -> None:
    assert turns((page(WIKI), 0), (page(WIKI + "#Diet"), 1), (page(WIKI + "?utm=1"), 2)) == [(WIKI, 0)]


def test_looking_away_for_less_than_the_grace_is_no_turn() -> None:
    assert turns((page(WIKI), 0), (AWAY, 10), (AWAY, 9 + GRACE_NS), (page(WIKI), 10 + GRACE_NS)) == [(WIKI, 0)]


def test_looking_away_for_the_grace_leaves_the_page_at_the_instant_it_began() -> None:
    assert turns((page(WIKI), 0), (AWAY, 10), (AWAY, 10 + GRACE_NS)) == [(WIKI, 0), (None, 10)]


def test_a_page_that_was_left_is_a_new_visit_when_it_comes_back() -> None:
    assert turns((page(WIKI), 0), (AWAY, 1), (AWAY, 1 + GRACE_NS), (page(WIKI), 2 + GRACE_NS)) == [
        (WIKI, 0),
        (None, 1),
        (WIKI, 2 + GRACE_NS),
    ]


def test_another_allowed_page_within_the_grace_is_one_turn() -> None:
    assert turns((page(GOOGLE), 0), (AWAY, 1), (page(WIKI), 2)) == [(GOOGLE, 0), (WIKI, 2)]


def test_another_window_with_the_same_address_is_another_visit() -> None:
    assert turns((page(WIKI, xid=1), 0), (page(WIKI, xid=2), 1)) == [(WIKI, 0), (WIKI, 1)]
