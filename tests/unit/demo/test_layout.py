"""A page's report says where its elements are on the screen; what is no report is refused."""

import json
from typing import Any

import pytest

from overt.demo.layout import read
from overt.errors import FormatError
from overt.events.geometry import Rect

REPORT: dict[str, Any] = {
    "page": "https://www.google.com/",
    "why": "load",
    "title": "Google",
    "origin": [44, 117.4],
    "exact": True,
    "size": [1172, 649],
    "scroll": [0, 12.5],
    "boxes": {"q": [296, 222.25, 580, 44]},
    "values": {"q": "lamp"},
    "focus": "q",
    "selection": "",
}


def test_boxes_are_moved_to_the_place_of_the_page_on_the_screen() -> None:
    layout = read(json.dumps(REPORT).encode(), 3, 7)

    assert layout.content == Rect(x=44, y=117, width=1172, height=649)
    assert layout.boxes == {"q": Rect(x=340, y=339, width=580, height=44)}
    assert (layout.number, layout.at_ns, layout.scroll) == (3, 7, (0, 12))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        json.dumps(REPORT | {"extra": 1}).encode(),
        json.dumps(REPORT | {"origin": [1]}).encode(),
        json.dumps({key: value for key, value in REPORT.items() if key != "focus"}).encode(),
        json.dumps(REPORT).replace("44, 117.4", "NaN, 1").encode(),
    ],
    ids=["empty", "list", "bytes", "extra", "short", "missing", "nan"],
)
def test_what_is_no_report_is_refused(body: bytes) -> None:
    with pytest.raises(FormatError, match="layout report"):
        read(body, 1, 1)


def test_a_refusal_does_not_quote_the_page() -> None:
    body = json.dumps(REPORT | {"exact": "vokuzajiwexoku"}).encode()

    with pytest.raises(FormatError) as caught:
        read(body, 1, 1)

    assert "vokuzaji" not in str(caught.value)
    assert caught.value.__cause__ is None
