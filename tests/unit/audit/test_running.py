"""An audit of a store in which everything is as it must be: no finding, and what could not be seen is said."""

from collections.abc import Callable
from typing import Any

Audited = Callable[[], Any]


def test_an_honest_store_has_no_finding(audited: Audited) -> None:
    report = audited().audit()

    assert [each.row() for each in report.findings] == []
    assert report.row()["verdict"] == "no-finding"
