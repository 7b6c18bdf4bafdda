"""The second look reaches every text of every event, and remembers where it first found something."""

import pytest

from overt.dataset.recheck import Recheck
from overt.events.redacted import REDACTED, Clicked, PageEntered, RedactedEvent, Target, Typed

SECRET = "hunter2"


def scrub(text: str) -> tuple[str, tuple[str, ...]]:
    return (text.replace(SECRET, "[KEY]"), ("KEY",)) if SECRET in text else (text, ())


def page(**changes: str) -> PageEntered:
    facts = {"site": "s", "area": "s/a", "url": "https://s.example/", "title": "t", "query": "q", "arrived": "start"}
    return PageEntered.model_validate({"visit": 3, "at_ms": 0, **facts, **changes})


@pytest.mark.parametrize(
    "event",
    [
        Typed(visit=3, at_ms=0, text=f"a {SECRET} b"),
        Typed(visit=3, at_ms=0, text="a", field=Target(role="entry", name=SECRET)),
        Clicked(visit=3, at_ms=0, button="left", x=1, y=1, target=Target(role="link", name=f"x {SECRET}")),
        page(url=f"https://s.example/{SECRET}"),
        page(title=SECRET),
        page(query=SECRET),
    ],
)
def test_no_text_of_an_event_gets_past_it(event: RedactedEvent) -> None:
    recheck = Recheck(scrub)

    (scrubbed,) = recheck.events([event])

    assert SECRET not in scrubbed.model_dump_json()
    assert REDACTED.validate_json(scrubbed.model_dump_json()) == scrubbed
    assert recheck.findings == {"KEY": 1}
    assert recheck.since_visit == 3


def test_what_was_withheld_before_stays_withheld() -> None:
    event = Typed(visit=1, at_ms=0, text=f"[EMAIL] {SECRET}", withheld=("EMAIL",))

    (scrubbed,) = Recheck(scrub).events([event])

    assert isinstance(scrubbed, Typed)
    assert scrubbed.withheld == ("EMAIL", "KEY")


def test_the_earliest_visit_with_a_finding_is_remembered() -> None:
    recheck = Recheck(scrub)
    events = [
        Typed(visit=visit, at_ms=0, text=text) for visit, text in ((1, "a"), (5, SECRET), (2, SECRET), (7, SECRET))
    ]

    list(recheck.events(events))

    assert recheck.since_visit == 2
    assert recheck.findings == {"KEY": 3}


def test_nothing_found_changes_nothing() -> None:
    recheck = Recheck(scrub)

    assert list(recheck.events([page()])) == [page()]
    assert recheck.since_visit is None
