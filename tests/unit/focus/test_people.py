"""People are known by the structure of a page: where links lead, and what cards, bars and bubbles are called."""

import asyncio
from typing import Any

import pytest

from overt.events.context import Context, Document, Window
from overt.events.geometry import Rect
from overt.focus._backends import _above, _cards, _masks, _people, _target, _words
from overt.focus._backends._bus import Node
from overt.focus._backends._nodes import ACTIVE, SHOWING
from overt.focus._backends._secrets import Secrets

JOBS = "https://www.linkedin.com/jobs/view/1/"
JANE = "https://www.linkedin.com/in/jane-doe-1234/"
VIEW = Rect(x=0, y=100, width=800, height=500)


@pytest.mark.parametrize(
    ("uri", "is_person"),
    [
        (JANE, True),
        ("https://www.linkedin.com/IN/jane?trk=x#top", True),
        ("https://linkedin.com/%69n/jane", True),
        ("https://de.linkedin.com/pub/jane", True),
        ("https://www.linkedin.com/in", True),
        ("https://www.linkedin.com/profile/view?id=1", True),
        ("https://www.linkedin.com/jobs/in/", False),
        ("https://www.linkedin.com/insights/", False),
        ("https://evil-linkedin.com/in/jane", False),
        ("https://en.wikipedia.org/wiki/User:Jane", True),
        ("https://de.wikipedia.org/wiki/Benutzer_Diskussion:Jane", True),
        ("https://en.wikipedia.org/w/index.php?title=User:Jane&action=edit&redlink=1", True),
        ("https://en.wikipedia.org/wiki/File:Lamp.jpg", False),
        ("https://en.wikipedia.org/wiki/User_interface", False),
        ("https://accounts.google.com/SignOutOptions?hl=en", True),
        ("https://www.google.com/search?q=in", False),
        ("http://[::1", False),
        ("", False),
        ("#", False),
    ],
)
def test_a_link_leads_to_a_person_by_its_address_alone(uri: str, is_person: bool) -> None:
    assert _people.leads_to_person(uri) is is_person


@pytest.mark.parametrize(
    ("uri", "said", "names"),
    [
        (JANE, ("Jane Doe, Keeper", "\ufffcJane  Doe\nKeeper"), {"jane doe"}),
        (JANE, ("View profile", ""), {"jane doe", "view profile"}),
        ("https://www.linkedin.com/in/b%C3%A4rbel-m%C3%BCller/", ("",), {"bärbel müller"}),
        ("https://www.linkedin.com/in/li/", ("Li",), set()),
        ("https://en.wikipedia.org/wiki/User:Janed", ("Janed",), {"janed"}),
        ("http://[::1", ("Somebody",), {"somebody"}),
    ],
)
def test_a_person_has_the_names_that_the_link_tells(uri: str, said: tuple[str, ...], names: set[str]) -> None:
    assert _people.names_of(uri, *said) == names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Meet JANE DOE and Jane Doe", [(5, 13), (18, 26)]),
        ("Straße, İ, jane doe", [(11, 19)]),
        ("Jane D.", []),
    ],
)
def test_a_name_is_found_where_it_stands_whatever_its_case(text: str, found: list[tuple[int, int]]) -> None:
    assert _people.occurrences(frozenset({"jane doe"}), text) == found


@pytest.mark.parametrize(
    ("name", "attributes", "is_account"),
    [
        ("Google Account: Jane (jane@example.org)", {}, True),
        ("Mein Konto", {}, True),
        ("Search", {}, False),
        ("Accounting basics", {}, False),
        ("", {"id": "pt-userpage-2"}, True),
        ("", {"class": "artdeco global-nav__me-photo evi-image"}, True),
        ("", {"class": "presence-entity__image EntityPhoto-circle-3"}, True),
        ("", {"class": "accountant"}, False),
    ],
)
def test_an_account_is_known_by_name_or_mark(name: str, attributes: dict[str, str], is_account: bool) -> None:
    assert _people.is_account(name, attributes) is is_account


@pytest.mark.parametrize(
    ("name", "attributes", "is_overlay"),
    [
        ("Messaging", {}, True),
        ("Nachrichten", {}, True),
        ("Messages from the deep", {}, True),
        ("Results", {}, False),
        ("", {"id": "msg-overlay"}, True),
        ("", {"class": "x msg-overlay-list-bubble y"}, True),
        ("", {"class": "messagebox"}, False),
    ],
)
def test_a_place_of_messages_is_known_by_name_or_mark(name: str, attributes: dict[str, str], is_overlay: bool) -> None:
    assert _people.is_overlay(name, attributes) is is_overlay


@pytest.fixture
def page(tree: Any) -> Node:
    """A window with a job page: a link to a person in a card, a name in a text, a bubble of messages."""
    put, thing = tree.put, tree.thing
    put("/frame", thing("frame", states=ACTIVE, box=(0, 0, 800, 600)))
    put("/view", thing("panel", attributes={"class": "NonClientView"}, box=(0, 0, 800, 600)), "/frame")
    made: Node = put("/page", thing("document web", document={"URI": JOBS}, box=(0, 100, 800, 500)), "/view")
    put("/card", thing("list item", states=SHOWING, box=(100, 120, 300, 80)), "/page")
    put("/jane", thing("link", "Jane Doe", SHOWING, uri=JANE, text="Jane Doe", box=(200, 130, 60, 18)), "/card")
    put("/invite", thing("push button", "Invite Jane Doe", SHOWING, box=(200, 160, 60, 18)), "/card")
    put("/badge", thing("image", "", SHOWING, box=(90, 110, 30, 30)), "/card")
    put("/words", thing("paragraph", "", SHOWING, text="Meet Jane Doe", box=(500, 300, 200, 40)), "/page")
    put("/job", thing("link", "Lens maker", SHOWING, uri=JOBS, text="Lens maker", box=(500, 500, 90, 18)), "/page")
    return made


def context(uri: str = JOBS, window: Rect | None = None, browser: str = "chromium") -> Context:
    rect = window or Rect(x=0, y=0, width=800, height=600)
    top = Window(xid=1, pid=2, browser=browser, rect=rect)
    documents = (Document(key=":1.5/page", uri=uri, rect=VIEW),)
    return Context(window=top, documents=documents, field=None, generation=1, taken_ns=0)


def masks(tree: Any, page: Node, **more: Any) -> set[Rect] | None:
    found = asyncio.run(_masks.boxes(tree.nodes, page, context(), Secrets(), **more))
    return None if found is None else set(found)


def box(x: int, y: int, width: int, height: int) -> Rect:
    return Rect(x=x, y=y, width=width, height=height)


def test_a_card_about_a_person_is_masked_with_what_hangs_out_of_it(tree: Any, page: Node) -> None:
    found = masks(tree, page)

    assert found is not None
    assert found >= {box(100, 120, 300, 80), box(90, 110, 30, 30), box(200, 130, 60, 18)}
    assert box(500, 500, 90, 18) not in found


def test_a_portrait_beside_a_name_is_masked_though_no_tree_has_it(tree: Any, page: Node) -> None:
    found = masks(tree, page)

    assert found is not None
    assert any(each.contains(200 - 90, 139) and each.contains(230, 130 + 50) for each in found)


def test_a_card_as_large_as_the_page_keeps_all_but_headings_and_pictures(tree: Any, page: Node) -> None:
    tree.things["/card"].box = (0, 100, 800, 400)

    found = masks(tree, page)

    assert found is not None
    assert box(0, 100, 800, 400) not in found
    assert box(90, 110, 30, 30) in found


def test_a_card_whose_link_is_out_of_view_is_masked(tree: Any, page: Node) -> None:
    tree.things["/jane"].states = 0

    found = masks(tree, page)

    assert found is not None
    assert box(100, 120, 300, 80) in found


def test_a_person_s_name_is_masked_wherever_the_page_has_it(tree: Any, page: Node) -> None:
    tree.things["/words"].ranges = (540, 300, 62, 18)

    found = masks(tree, page)

    assert found is not None
    assert box(540, 300, 62, 18) in found
    assert box(500, 300, 200, 40) not in found


def test_words_that_the_browser_does_not_measure_are_masked_with_all_that_they_stand_in(tree: Any, page: Node) -> None:
    """Chromium's first answer for a text that nobody asked about is an empty box."""
    found = masks(tree, page)

    assert found is not None
    assert box(500, 300, 200, 40) in found
    assert tree.calls.count("Text.GetRangeExtents") > 1


def test_what_is_found_in_a_text_is_masked(tree: Any, page: Node) -> None:
    tree.things["/words"].text = "call 0123"
    tree.things["/words"].ranges = (530, 300, 40, 18)

    found = masks(tree, page, find=lambda text: [(5, 9)] if "0123" in text else [(3, 3)])

    assert found is not None
    assert box(530, 300, 40, 18) in found


def test_a_text_too_long_to_read_is_masked_whole(tree: Any, page: Node) -> None:
    tree.things["/words"].text = "x" * 20_000

    found = masks(tree, page, find=lambda _: [])

    assert found is not None
    assert box(500, 300, 200, 40) in found


def test_more_texts_than_can_be_read_are_unknown(tree: Any, page: Node) -> None:
    tree.lies["Collection.GetMatches"] = [[[":1.5", "/words"]] * 2_500]

    assert asyncio.run(_words.boxes(tree.nodes, page, lambda _: [])) is None


def test_more_cards_than_can_be_looked_at_are_unknown(tree: Any, page: Node) -> None:
    tree.lies["Collection.GetMatches"] = [[[":1.5", "/card"]] * 1_000]

    assert asyncio.run(_cards.boxes(tree.nodes, page, context(), [])) is None


def test_elsewhere_than_on_linkedin_a_page_without_people_costs_no_search_for_cards(tree: Any, page: Node) -> None:
    elsewhere = context("https://en.wikipedia.org/wiki/A")

    assert asyncio.run(_cards.boxes(tree.nodes, page, elsewhere, [])) == []
    assert tree.calls == []


def test_messages_are_masked_with_all_that_is_in_them(tree: Any, page: Node) -> None:
    put, thing = tree.put, tree.thing
    put("/bubble", thing("section", states=SHOWING, attributes={"id": "msg-overlay"}, box=(600, 400, 9, 9)), "/page")
    put("/said", thing("paragraph", states=SHOWING, text="hello", box=(600, 420, 150, 20)), "/bubble")

    found = masks(tree, page)

    assert found is not None
    assert found >= {box(600, 400, 9, 9), box(600, 420, 150, 20)}


@pytest.mark.parametrize(
    ("path", "name"),
    [("/jane", "[PERSON]"), ("/invite", "[PERSON]"), ("/job", "Lens maker")],
)
def test_the_name_of_what_is_about_a_person_is_a_marker(tree: Any, page: Node, path: str, name: str) -> None:
    x, y, *_ = tree.things[path].box
    tree.things["/badge"].box = (0, 0, 1, 1)

    found = asyncio.run(_target.at(tree.nodes, page, context(), (x + 1, y + 1)))

    assert found is not None
    assert found[1] == name


# What the browser draws above its page


def above(tree: Any, page: Node, seen: Context) -> list[Rect]:
    del page
    return asyncio.run(_above.boxes(tree.nodes, Node(":1.5", "/frame"), seen))


def test_what_the_browser_draws_above_its_page_is_told(tree: Any, page: Node) -> None:
    tree.put("/status", tree.thing("frame", attributes={"class": "RootView"}, box=(3, 570, 320, 24)), "/frame")

    (found,) = above(tree, page, context())

    assert found.contains(3, 570)
    assert found.contains(322, 593)
    assert found.height < 60


def test_on_a_dense_screen_it_is_told_in_pixels(tree: Any, page: Node) -> None:
    tree.put("/status", tree.thing("frame", box=(10, 500, 100, 20)), "/frame")

    (found,) = above(tree, page, context(window=box(0, 0, 1600, 1200)))

    assert found.contains(20, 1000)
    assert found.contains(219, 1039)
    assert not found.contains(19 - 8 - 1, 1000)


def test_a_window_with_nothing_above_its_page_has_no_box(tree: Any, page: Node) -> None:
    assert above(tree, page, context()) == []


def test_of_another_browser_the_foot_of_the_page_is_masked(tree: Any, page: Node) -> None:
    """Firefox draws where a link leads there, and its tree does not tell."""
    assert above(tree, page, context(browser="firefox")) == [box(0, 536, 800, 64)]
