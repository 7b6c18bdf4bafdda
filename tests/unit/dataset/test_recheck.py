"""The second look reaches every text of every event, and remembers where it first found something."""

import pytest

from overt.dataset.recheck import Recheck, marked
from overt.events.redacted import REDACTED, Clicked, PageEntered, RedactedEvent, Target, Typed
from overt.redact.kinds import Kind

SECRET = "hunter2"


def scrub(text: str) -> tuple[str, tuple[str, ...]]:
    return (text.replace(SECRET, "[KEY]"), ("KEY",)) if SECRET in text else (text, ())


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


@pytest.mark.parametrize(
    "event",
    [
        Typed(visit=3, at_ms=0, text=f"a {SECRET} b"),
        Typed(visit=3, at_ms=0, text="a", field=Target(role="entry", name=SECRET)),
        Clicked(visit=3, at_ms=0, button="left", x=1, y=1, target=Target(role="link", name=f"x {SECRET}")),
        page(url=f"https://en.wikipedia.org/wiki/A_{SECRET}"),
        page(url=f"https://www.google.com/search?q=a%20{SECRET}"),
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
    recheck = Recheck(marked)

    (scrubbed,) = recheck.events([page(url=url)])

    assert isinstance(scrubbed, PageEntered)
    assert scrubbed.url == url
    assert recheck.since_visit is None


def test_an_address_is_looked_at_as_it_reads_not_as_it_is_written() -> None:
    """Percent signs made a plain question look like a key, and every picture after it was left out."""
    recheck = Recheck(marked)
    question = page(url="https://www.google.com/search?q=How%20do%20lighthouses%20work%3F")
    card = page(url="https://www.google.com/search?q=4111%201111%201111%201111")

    plain, withheld = recheck.events([question, card])

    assert plain == question
    assert isinstance(withheld, PageEntered)
    assert "1111" not in withheld.url


def test_an_address_that_is_no_allowed_page_is_withheld_whole() -> None:
    recheck = Recheck(scrub)

    (scrubbed,) = recheck.events([page(url="https://mail.example/inbox/someone")])

    assert isinstance(scrubbed, PageEntered)
    assert scrubbed.url == "[ADDRESS]"
    assert recheck.findings == {"ADDRESS": 1}


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("text", ["{}", "password: {}", "pin {}", "token={}", "my card {}, and {}."])
def test_a_marker_is_no_finding(kind: Kind, text: str) -> None:
    """A marker after ``password:`` was taken for the password."""
    assert marked(text.replace("{}", kind.marker)) == (text.replace("{}", kind.marker), ())


@pytest.mark.parametrize("secret", ["4111 1111 1111 1111", "someone@example.com", "password: Tr0ub4dor&3"])
def test_what_the_detectors_know_is_found_beside_a_marker(secret: str) -> None:
    text, kinds = marked(f"[PHONE] {secret}")

    assert secret.rpartition(" ")[2] not in text
    assert len(kinds) == 1
