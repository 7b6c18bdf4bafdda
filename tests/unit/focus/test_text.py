"""The text of one field is asked for and heard in its own order, and its rule goes when it is left."""

import asyncio
from typing import Any

from dbus_fast import Variant

from overt.events.context import Change
from overt.focus._backends._bus import Node
from overt.focus._backends._nodes import EDITABLE
from overt.focus._backends._text import CHANGED, TextFeed

FIELD = Node(":1.7", "/org/a11y/atspi/accessible/11")


class Browser:
    """A bus whose one field holds *text*; it remembers every call."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.calls: list[tuple[str, object]] = []
        self.gone = False

    def call(self, node: Node, method: str, signature: str = "", body: Any = ()) -> "asyncio.Future[list[object]]":
        del node, signature
        self.calls.append((method.rpartition(".")[2], body))
        answer: asyncio.Future[list[object]] = asyncio.get_running_loop().create_future()
        known = {
            "Text.GetText": ["" if self.gone else self.text],
            "Accessible.GetState": [[0 if self.gone else EDITABLE, 0]],
        }
        answer.set_result(known.get(method, []))
        return answer

    def types(self, feed: TextFeed, char: str) -> None:
        at, self.text = len(self.text), self.text + char
        feed.on_signal(FIELD, CHANGED, ["insert", at, 1, Variant("s", char)])

    def rules(self) -> int:
        """Return how many match rules stand."""
        names = [name for name, _ in self.calls]
        return names.count("AddMatch") - names.count("RemoveMatch")


def feed_of(browser: Browser) -> TextFeed:
    return TextFeed(browser, now=lambda: 1, stir=lambda: None)  # type: ignore[arg-type]


async def turns() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_a_field_whose_page_turned_under_it_begins_with_what_it_holds() -> None:
    """Its last value used to come before that, as news of a page that had not begun."""

    async def play() -> list[tuple[Change, str]]:
        browser = Browser()
        feed = feed_of(browser)
        feed.listen(FIELD)
        await turns()
        browser.types(feed, "l")
        await turns()
        feed.take()
        browser.types(feed, "a")
        feed.listen(None)
        feed.listen(FIELD)
        await turns()
        return [(each.change, each.text) for each in feed.take()]

    assert asyncio.run(play()) == [(Change.START, "la")]


def test_no_rule_outlives_a_field_that_was_listened_to_twice() -> None:
    async def play() -> int:
        browser = Browser()
        feed = feed_of(browser)
        feed.listen(FIELD)
        await turns()
        feed.listen(None)
        feed.listen(FIELD)
        await turns()
        feed.listen(None)
        await turns()
        return browser.rules()

    assert asyncio.run(play()) == 0


def test_a_field_that_was_left_says_once_more_what_it_holds() -> None:
    async def play() -> list[tuple[Change, str]]:
        browser = Browser()
        feed = feed_of(browser)
        feed.listen(FIELD)
        await turns()
        browser.types(feed, "l")
        await turns()
        feed.take()
        feed.listen(None)
        await turns()
        return [(each.change, each.text) for each in feed.take()]

    assert asyncio.run(play()) == [(Change.VALUE, "l")]


def test_the_empty_value_of_a_field_whose_page_is_going_is_no_value() -> None:
    """Asked in the moment in which Enter leads away, it made the text that was typed look contradicted."""

    async def play() -> list[Change]:
        browser = Browser()
        feed = feed_of(browser)
        feed.listen(FIELD)
        await turns()
        browser.types(feed, "l")
        await turns()
        browser.gone = True
        feed.listen(None)
        await turns()
        return [each.change for each in feed.take()]

    assert asyncio.run(play()) == [Change.START, Change.INSERT]


def test_the_empty_value_of_a_field_that_is_still_there_a_moment_later_is_one() -> None:
    async def play(*, goes: bool) -> list[Change]:
        browser = Browser()
        feed = feed_of(browser)
        feed.listen(FIELD)
        await turns()
        browser.types(feed, "l")
        await turns()
        feed.take()
        browser.text = ""
        feed.listen(None)
        await turns()
        browser.gone = goes
        await asyncio.sleep(0.3)
        return [each.change for each in feed.take()]

    assert asyncio.run(play(goes=False)) == [Change.VALUE]
    assert asyncio.run(play(goes=True)) == []
