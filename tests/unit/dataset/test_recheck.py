"""The second look reaches every text of every event, and tells kinds and counts alone."""

import pytest

from overt.dataset.judge import RULES, Sight, judge_of
from overt.dataset.recheck import SecondLook
from overt.events.redacted import Clicked, PageEntered, Pressed, RedactedEvent, Target, Typed
from overt.redact.kinds import Kind

SECRET = "hunter2"


class Hunter:
    name, version = "hunter", "1"
    sights = frozenset({Sight.TYPED, Sight.TEXT})

    def findings(self, shown: str | bytes) -> dict[str, int]:
        assert isinstance(shown, str)
        return {"KEY": shown.count(SECRET)}


def page(**changes: str) -> PageEntered:
    facts = {
        "site": "s",
        "area": "s/a",
        "url": "https://en.wikipedia.org/wiki/Enigma",
        "title": "t",
        "query": "q",
        "arrived": "start",
    }
    return PageEntered.model_validate({"visit": 3, "at_ms": 0, **facts, **changes})


def by_rules(*events: RedactedEvent) -> dict[str, int]:
    return dict(SecondLook(judges=[judge_of(RULES)]).at_texts(events))


@pytest.mark.parametrize(
    "event",
    [
        Typed(visit=3, at_ms=0, text=f"a {SECRET} b"),
        Typed(visit=3, at_ms=0, text="a", field=Target(role="entry", name=SECRET)),
        Clicked(visit=3, at_ms=0, button="left", x=1, y=1, target=Target(role="link", name=f"x {SECRET}")),
        Clicked(visit=3, at_ms=0, button="left", x=1, y=1, target=Target(role=SECRET)),
        Pressed(visit=3, at_ms=0, keys=("ctrl", SECRET)),
        page(url=f"https://en.wikipedia.org/wiki/A_{SECRET}"),
        page(url=f"https://www.google.com/search?q=a%20{SECRET}"),
        page(title=SECRET),
        page(query=SECRET),
    ],
)
def test_no_text_of_an_event_gets_past_it(event: RedactedEvent) -> None:
    assert SecondLook(judges=[Hunter()]).at_texts([event]) == {"hunter.KEY": 1}


def test_what_stands_twice_is_counted_twice_and_asked_once() -> None:
    events = [Typed(visit=visit, at_ms=0, text=text) for visit, text in ((1, "a"), (5, SECRET), (2, SECRET))]

    assert SecondLook(judges=[Hunter()]).at_texts(events) == {"hunter.KEY": 2}


def test_a_slower_judge_is_not_asked_about_what_is_barred_already() -> None:
    class Never(Hunter):
        name = "never"

        def findings(self, shown: str | bytes) -> dict[str, int]:
            pytest.fail(f"asked of {len(shown)} characters")

    look = SecondLook(judges=[Hunter(), Never()])

    assert look.at_texts([Typed(visit=1, at_ms=0, text=SECRET)]) == {"hunter.KEY": 1}


@pytest.mark.parametrize(
    "url",
    [
        "https://www.google.com/search?q=How%20do%20lighthouses%20work%3F",
        "https://en.wikipedia.org/wiki/Fresnel_lens",
        "https://www.linkedin.com/jobs/view/{job}",
        "https://www.google.com/search?q=[CREDIT_CARD]",
        "https://www.google.com/search?q=turing%20machine&start=10",
        "https://www.google.com/search?q=card%20[CREDIT_CARD]",
        "https://en.wikipedia.org/wiki/%C3%89ole",
        "https://en.wikipedia.org/wiki/List_of_people_by_net_worth_(2024)",
        "https://www.linkedin.com/jobs/search/?keywords=python%20developer&location=Berlin",
    ],
)
def test_escapes_of_an_address_are_not_taken_for_a_secret(url: str) -> None:
    """A question of four words cost every frame after it: its %20 were taken for the digits of a token."""
    assert by_rules(page(url=url)) == {}


def test_an_address_is_looked_at_as_it_reads_not_as_it_is_written() -> None:
    found = by_rules(page(url="https://www.google.com/search?q=4111%201111%201111%201111"))

    assert found == {"rules.CREDIT_CARD": 1}


def test_an_address_that_is_no_allowed_page_is_a_finding() -> None:
    assert by_rules(page(url="https://mail.example/inbox/someone")) == {"rules.ADDRESS": 1}


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("text", ["{}", "password: {}", "pin {}", "token={}", "my card {}, and {}."])
def test_a_marker_is_no_finding(kind: Kind, text: str) -> None:
    """A marker after ``password:`` was taken for the password."""
    assert by_rules(Typed(visit=1, at_ms=0, text=text.replace("{}", kind.marker))) == {}


@pytest.mark.parametrize("secret", ["4111 1111 1111 1111", "someone@example.com", "password: Tr0ub4dor&3"])
def test_what_the_detectors_know_is_found_beside_a_marker(secret: str) -> None:
    assert sum(by_rules(Typed(visit=1, at_ms=0, text=f"[PHONE] {secret}")).values()) == 1
