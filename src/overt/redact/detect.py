"""What must be withheld from a text, found by structure alone: ``detect``, and ``findings``, which says by whom."""

from collections.abc import Iterator
from dataclasses import dataclass

from overt.redact.detector import Detector, Search
from overt.redact.fold import fold
from overt.redact.kinds import Kind, Span, merged
from overt.redact.registry import worth_trying


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the detector *by* found, before what overlaps is made one."""

    span: Span
    by: str


def detect(text: str) -> list[Span]:
    """Return what of *text* must be withheld: spans in order, none overlapping. Pure, and linear in the length."""
    found = findings(text)
    return merged([finding.span for finding in found]) if found else []


def findings(text: str) -> list[Finding]:
    """Return what each detector finds in *text*, in no order; findings may overlap."""
    folded, places = fold(text)
    found = []
    for name, detector, search in worth_trying(folded):
        for start, end, kind in look(detector, search, folded):
            span = Span(start=start, end=end, kind=kind)
            found.append(Finding(span=span if places is None else _unfolded(span, places), by=name))
    return found


def look(detector: Detector, search: Search, text: str) -> Iterator[tuple[int, int, Kind]]:
    """Yield start, end and kind of what *detector* finds in a folded *text*, after its closer look."""
    judge = detector.judge
    for start, end in search(text):
        kind = detector.kind if judge is None else judge(text, start, end)
        if kind is not None:
            yield start, end, kind


def _unfolded(span: Span, places: list[int]) -> Span:
    return Span(start=places[span.start], end=places[span.end - 1] + 1, kind=span.kind)
