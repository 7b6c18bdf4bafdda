"""Where special categories are dropped, nothing is kept of a visit that spoke of one; elsewhere nothing changes."""

from typing import Any

from overt.events.redacted import Clicked, PageEntered, Target, Typed, Withheld
from overt.redact.reticent import REASON, Reticence


def page(visit: int, **more: Any) -> PageEntered:
    facts: dict[str, Any] = {
        "site": "google",
        "area": "google/search",
        "url": "https://www.google.com/search",
        "title": "",
    }
    return PageEntered(at_ms=0, visit=visit, arrived="start", **(facts | more))


def click(visit: int, name: str) -> Clicked:
    return Clicked(at_ms=0, visit=visit, button="left", x=1, y=1, target=Target(role="link", name=name))


def test_a_text_about_health_is_withheld_and_so_is_what_was_half_typed_before_it() -> None:
    made: list[Any] = [
        Typed(at_ms=0, visit=1, text="breast canc"),
        Typed(at_ms=100, visit=1, text="breast cancer symptoms"),
    ]

    kept = Reticence(dropped=True)(made)

    assert kept == [Withheld(at_ms=at_ms, visit=1, reason=REASON) for at_ms in (0, 100)]


def test_a_page_that_speaks_of_it_keeps_its_host_alone_and_its_links_no_names() -> None:
    made: list[Any] = [page(2, query="trade union rights", title="trade union rights"), click(2, "What is a union?")]

    entered, clicked = Reticence(dropped=True)(made)

    assert (entered.url, entered.query, entered.title) == ("https://www.google.com/", None, "")  # type: ignore[union-attr]
    assert clicked.target.name == ""  # type: ignore[union-attr]


def test_an_address_of_many_words_is_read_word_by_word() -> None:
    (entered,) = Reticence(dropped=True)([page(3, url="https://en.wikipedia.org/wiki/Breast_cancer")])

    assert entered.url == "https://en.wikipedia.org/"  # type: ignore[union-attr]


def test_a_link_that_speaks_of_it_loses_its_name_wherever_it_is() -> None:
    (clicked,) = Reticence(dropped=True)([click(4, "Diabetes diet")])

    assert clicked.target.name == ""  # type: ignore[union-attr]


def test_other_visits_are_left_alone() -> None:
    made: list[Any] = [
        Typed(at_ms=0, visit=1, text="breast cancer"),
        Typed(at_ms=0, visit=2, text="weather"),
        click(2, "Berlin"),
    ]

    assert Reticence(dropped=True)(made)[1:] == made[1:]


def test_where_they_are_kept_nothing_changes() -> None:
    made: list[Any] = [Typed(at_ms=0, visit=1, text="breast cancer"), page(1, title="mosque")]

    assert Reticence(dropped=False)(made) == made
