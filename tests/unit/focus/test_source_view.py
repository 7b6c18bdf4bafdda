"""The source of a page is not the page, though Chromium tells the page's address of it."""

import pytest

from overt.events.geometry import Rect
from overt.focus._backends._x11 import _shows_source
from overt.focus._backends._x11_screen import TopWindow


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("view-source:https://en.wikipedia.org/wiki/Lamp - Chromium", True),
        ("view-source:en.wikipedia.org/wiki/Lamp - Chromium", True),
        ("Lamp - Wikipedia - Chromium", False),
        ("On view-source: a history - Chromium", False),
        ("", False),
    ],
)
def test_a_window_that_shows_a_source_is_known_by_its_title(title: str, expected: bool) -> None:
    """Chromium told ``https://en.wikipedia.org/wiki/Lamp`` of the source of that page, and clicks there were kept."""
    window = TopWindow(xid=1, pid=2, title=title, rect=Rect(x=0, y=0, width=10, height=10))

    assert _shows_source(window) is expected
