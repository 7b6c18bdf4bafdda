"""The chain from the focused element to the window is found once, proved at every look, and refused in doubt."""

import asyncio
from typing import Any

import pytest

from overt.events.context import Absence, Context, Document, Window
from overt.events.geometry import Rect
from overt.focus._backends import _masks, _target
from overt.focus._backends._absence import AbsenceError
from overt.focus._backends._binding import fits
from overt.focus._backends._bus import Node
from overt.focus._backends._chain import Chain, Chains, Reading
from overt.focus._backends._nodes import ACTIVE, DEFUNCT, EDITABLE, FOCUSED, SHOWING
from overt.focus._backends._secrets import Secrets

PAGE = "https://en.wikipedia.org/wiki/A"
INNER = "https://ads.example.net/frame"
EDIT = EDITABLE | SHOWING


@pytest.fixture
def browser(tree: Any) -> dict[str, Node]:
    """A window with a bar, a page with two fields, and a frame of another origin with one field in it."""
    put, thing = tree.put, tree.thing
    return {
        "frame": put("/frame", thing("frame", states=ACTIVE, embeds="/page")),
        "bar": put("/bar", thing("entry", attributes={"class": "OmniboxViewViews"}, states=EDIT), "/frame"),
        "panel": put("/panel", thing("panel"), "/frame"),
        "page": put(
            "/page", thing("document web", document={"URI": PAGE, "Title": "A"}, box=(0, 100, 800, 500)), "/panel"
        ),
        "field": put("/field", thing("entry", "Search", EDIT | FOCUSED, {"id": "q"}, box=(10, 110, 50, 20)), "/page"),
        "pin": put("/pin", thing("password text", "Pin", EDIT, {"id": "pin"}, box=(10, 140, 50, 20)), "/page"),
        "link": put("/link", thing("link", "next", box=(10, 170, 50, 20)), "/page"),
        "words": put("/words", thing("static", "next words", box=(10, 170, 50, 20)), "/link"),
        "iframe": put("/iframe", thing("internal frame", box=(10, 300, 300, 100)), "/page"),
        "inner": put("/inner", thing("document web", document={"URI": INNER}, box=(10, 300, 300, 100)), "/iframe"),
        "deep": put("/deep", thing("entry", "Deep", EDIT, box=(20, 310, 50, 20)), "/inner"),
    }


def find(tree: Any, browser: dict[str, Node], focused: str | None) -> Chain:
    return asyncio.run(Chains(tree.nodes).find(browser["frame"], browser[focused] if focused else None))


def read(tree: Any, chain: Chain, bar: Node | None = None) -> Reading:
    return asyncio.run(Chains(tree.nodes).read(chain, bar))


def refusal(work: Any, *arguments: Any) -> Absence:
    with pytest.raises(AbsenceError) as refused:
        work(*arguments)
    return refused.value.absence


def focus(tree: Any, path: str) -> None:
    for each in tree.things.values():
        each.states &= ~FOCUSED
    tree.things[path].states |= FOCUSED


def test_the_chain_of_a_field_is_its_page(tree: Any, browser: dict[str, Node]) -> None:
    chain = find(tree, browser, "field")

    assert chain.element == browser["field"]
    assert [link.document for link in chain.links] == [browser["page"]]


def test_the_chain_of_a_field_in_a_frame_has_both_documents(tree: Any, browser: dict[str, Node]) -> None:
    focus(tree, "/deep")

    chain = find(tree, browser, "deep")
    reading = read(tree, chain)

    assert [each["URI"] for each in reading.documents] == [INNER, PAGE]
    assert chain.page == browser["page"]


def test_a_page_that_has_the_focus_itself_is_no_element(tree: Any, browser: dict[str, Node]) -> None:
    focus(tree, "/page")

    assert find(tree, browser, "page").element is None


def test_the_address_bar_is_chrome(tree: Any, browser: dict[str, Node]) -> None:
    focus(tree, "/bar")

    assert refusal(find, tree, browser, "bar") is Absence.CHROME


def test_without_an_event_the_one_that_says_so_has_the_focus(tree: Any, browser: dict[str, Node]) -> None:
    assert find(tree, browser, None).element == browser["field"]


def test_without_an_event_the_address_bar_wins_over_a_page_that_goes_on_saying_so(
    tree: Any, browser: dict[str, Node]
) -> None:
    tree.things["/bar"].states |= FOCUSED

    assert refusal(find, tree, browser, None) is Absence.CHROME


def test_docked_developer_tools_win_over_a_page_that_goes_on_saying_so(tree: Any, browser: dict[str, Node]) -> None:
    """Chromium's console takes the keys while the page's field says that it has the focus."""
    tools = tree.put("/tools", tree.thing("document web", document={"URI": "devtools://devtools/x.html"}), "/frame")
    prompt = tree.put("/prompt", tree.thing("entry", "Console prompt", EDIT | FOCUSED), "/tools")
    browser |= {"tools": tools, "prompt": prompt}

    assert refusal(find, tree, browser, "prompt") is Absence.CHROME
    assert refusal(find, tree, browser, None) is Absence.CHROME


def test_an_empty_document_that_says_it_has_the_focus_means_nothing(tree: Any, browser: dict[str, Node]) -> None:
    tree.put("/stray", tree.thing("document web", states=FOCUSED | SHOWING, document={"URI": ""}), "/frame")

    assert find(tree, browser, None).element == browser["field"]


def test_without_any_focus_the_page_stands_without_a_field(tree: Any, browser: dict[str, Node]) -> None:
    tree.things["/field"].states &= ~FOCUSED

    chain = find(tree, browser, None)

    assert chain.element is None
    assert chain.page == browser["page"]


def test_a_window_without_a_page_has_no_document(tree: Any, browser: dict[str, Node]) -> None:
    tree.things["/frame"].embeds = None

    assert refusal(find, tree, browser, "field") is Absence.NO_DOCUMENT
    assert "Accessible.GetAttributes" in tree.calls, "a browser builds its tree only once it is read"


def test_a_page_that_the_window_no_longer_shows_is_stale_though_it_answers(tree: Any, browser: dict[str, Node]) -> None:
    chain = find(tree, browser, "field")

    tree.things["/frame"].embeds = "/other"

    assert refusal(read, tree, chain) is Absence.STALE


def test_a_page_whose_place_another_took_is_stale(tree: Any, browser: dict[str, Node]) -> None:
    chain = find(tree, browser, "field")

    tree.things["/panel"].children[0] = "/other"

    assert refusal(read, tree, chain) is Absence.STALE


def test_a_frame_that_went_elsewhere_is_stale(tree: Any, browser: dict[str, Node]) -> None:
    focus(tree, "/deep")
    chain = find(tree, browser, "deep")

    tree.things["/iframe"].children[0] = "/other"

    assert refusal(read, tree, chain) is Absence.STALE


@pytest.mark.parametrize(
    ("path", "states", "expected"),
    [
        ("/frame", 0, Absence.CHROME),
        ("/frame", ACTIVE | DEFUNCT, Absence.STALE),
        ("/field", EDIT, Absence.STALE),
        ("/field", FOCUSED | DEFUNCT, Absence.STALE),
        ("/bar", FOCUSED, Absence.CHROME),
    ],
)
def test_a_state_that_does_not_fit_is_refused(
    tree: Any, browser: dict[str, Node], path: str, states: int, expected: Absence
) -> None:
    chain = find(tree, browser, "field")

    tree.things[path].states = states

    assert refusal(read, tree, chain, browser["bar"]) is expected


@pytest.mark.parametrize(
    ("member", "answer"),
    [
        ("Accessible.GetState", []),
        ("Accessible.GetState", ["active"]),
        ("Accessible.GetState", [[2]]),
        ("Accessible.GetRelationSet", [None]),
        ("Accessible.GetChildAtIndex", [17]),
        ("Document.GetAttributes", ["URI"]),
        ("Component.GetExtents", [[1, 2, 3]]),
        ("Accessible.GetRoleName", [7]),
    ],
)
def test_an_answer_of_another_shape_is_stale(
    tree: Any, browser: dict[str, Node], member: str, answer: list[object]
) -> None:
    chain = find(tree, browser, "field")

    tree.lies[member] = answer

    assert refusal(read, tree, chain) is Absence.STALE


def test_a_dead_bus_is_a_dead_bus(tree: Any, browser: dict[str, Node]) -> None:
    chain = find(tree, browser, "field")

    tree.dead = True

    assert refusal(read, tree, chain) is Absence.BUS_DEAD
    assert refusal(find, tree, browser, "field") is Absence.BUS_DEAD


def test_a_tree_without_a_top_is_refused(tree: Any, browser: dict[str, Node]) -> None:
    """A parent loop must not be climbed for ever."""
    tree.things["/panel"].parent = "/page"

    assert refusal(find, tree, browser, "field") in {Absence.CHROME, Absence.STALE}


def test_a_look_asks_few_questions_however_large_the_page_is(tree: Any, browser: dict[str, Node]) -> None:
    chain = find(tree, browser, "field")
    tree.calls.clear()

    read(tree, chain, browser["bar"])

    assert len(tree.calls) <= 12
    assert "Accessible.GetChildren" not in tree.calls
    assert "Collection.GetMatches" not in tree.calls


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ((80, 60, 1080, 680), True),
        ((96, 70, 1048, 660), True),
        ((40, 30, 540, 340), True),
        ((53, 40, 720, 453), True),
        ((143, 65, 930, 88), False),
        ((80, 60, 1080, 340), False),
        ((0, 0, 540, 340), False),
        ((8, 6, 108, 68), False),
    ],
    ids=["the same", "less its shadow", "at twice the density", "at one and a half", "popup", "half", "away", "tiny"],
)
def test_a_frame_fits_its_window_in_pixels_or_in_the_screens_larger_units(
    box: tuple[int, int, int, int], expected: bool
) -> None:
    x, y, width, height = box

    found = fits(Rect(x=x, y=y, width=width, height=height), Rect(x=80, y=60, width=1080, height=680))

    assert found is expected


# Masks and targets

WINDOW = Window(xid=1, pid=2, browser="chromium", rect=Rect(x=0, y=0, width=800, height=600))


def context(browser: dict[str, Node], *documents: str) -> Context:
    known = {"page": (PAGE, Rect(x=0, y=100, width=800, height=500)), "inner": (INNER, None)}
    return Context(
        window=WINDOW,
        documents=tuple(Document(key=browser[name].key, uri=known[name][0], rect=known[name][1]) for name in documents),
        field=None,
        generation=1,
        taken_ns=0,
    )


def masks(tree: Any, browser: dict[str, Node], secrets: Secrets | None = None) -> tuple[Rect, ...] | None:
    return asyncio.run(_masks.boxes(tree.nodes, browser["page"], context(browser, "page"), secrets or Secrets()))


def target(tree: Any, browser: dict[str, Node], point: tuple[int, int], *documents: str) -> Any:
    return asyncio.run(_target.at(tree.nodes, browser["page"], context(browser, *documents), point))


def test_fields_passwords_and_foreign_frames_are_masked(tree: Any, browser: dict[str, Node]) -> None:
    found = masks(tree, browser)

    assert found is not None
    assert set(found) >= {
        Rect(x=10, y=110, width=50, height=20),
        Rect(x=10, y=140, width=50, height=20),
        Rect(x=10, y=300, width=300, height=100),
    }


def test_a_frame_of_the_same_origin_is_not_masked_but_its_fields_are(tree: Any, browser: dict[str, Node]) -> None:
    tree.things["/inner"].document["URI"] = "https://en.wikipedia.org/wiki/B"

    found = masks(tree, browser)

    assert found is not None
    assert Rect(x=10, y=300, width=300, height=100) not in found
    assert Rect(x=20, y=310, width=50, height=20) in found


def test_a_password_that_cannot_be_edited_is_masked_too(tree: Any, browser: dict[str, Node]) -> None:
    tree.things["/pin"].states = SHOWING

    found = masks(tree, browser)

    assert found is not None
    assert Rect(x=10, y=140, width=50, height=20) in found


def test_masks_of_a_page_teach_its_passwords(tree: Any, browser: dict[str, Node]) -> None:
    secrets = Secrets()

    masks(tree, browser, secrets)

    assert secrets.known(browser["page"].key, frozenset({"id pin"}))


def test_more_boxes_than_can_be_known_are_unknown(tree: Any, browser: dict[str, Node]) -> None:
    tree.lies["Collection.GetMatches"] = [[[":1.5", "/field"]] * 300]

    assert masks(tree, browser) is None


def test_a_box_outside_the_view_is_cut_to_it(tree: Any, browser: dict[str, Node]) -> None:
    tree.things["/field"].box = (10, 50, 50, 60)

    found = masks(tree, browser)

    assert found is not None
    assert Rect(x=10, y=100, width=50, height=10) in found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.org/x", "https://a.org/y?z", True),
        ("https://a.org", "https://a.org/", True),
        ("https://a.org/", "http://a.org/", False),
        ("https://a.org/", "https://a.org:8443/", False),
        ("https://a.org/", "https://b.a.org/", False),
        ("https://a.org?x", "https://a.org#y", True),
        ("about:blank", "https://a.org/", False),
        ("about:srcdoc", "about:blank", False),
        ("", "https://a.org/", False),
    ],
)
def test_an_origin_is_scheme_and_authority(one: str, other: str, same: bool) -> None:
    assert (_masks.origin(one) == _masks.origin(other)) is same


def test_a_click_on_the_words_of_a_link_hits_the_link(tree: Any, browser: dict[str, Node]) -> None:
    assert target(tree, browser, (15, 175), "page") == ("link", "next", Rect(x=10, y=170, width=50, height=20))


def test_a_click_on_nothing_hits_the_page(tree: Any, browser: dict[str, Node]) -> None:
    found = target(tree, browser, (700, 500), "page")

    assert found == ("document web", "", Rect(x=0, y=100, width=800, height=500))


def test_a_click_in_a_frame_that_is_not_in_the_context_tells_nothing(tree: Any, browser: dict[str, Node]) -> None:
    assert target(tree, browser, (25, 315), "page") is None
    assert target(tree, browser, (25, 315), "inner", "page") is not None


@pytest.mark.parametrize("node", [Node(":1.5", "/org/a11y/atspi/accessible/7"), Node(":1.12", "/"), Node("", "")])
def test_an_object_is_found_again_by_its_key(node: Node) -> None:
    assert Node.of(node.key) == node
