"""``overt redact``: what would be withheld from a text, and by which detector; nothing of it is written anywhere."""

import json
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from overt.cli.asking import at_terminal, ends, home_option, note, opened, say
from overt.cli.rows import printable
from overt.redact.clean import widened
from overt.redact.detect import Finding, findings
from overt.redact.kinds import Kind, Span, merged
from overt.redact.special import special_categories
from overt.store.home import Home, Role
from overt.subject.mistakes import Mistake, mistakes, note_mistakes


@click.command(
    epilog=ends(
        "echo 'mail ada@example.com' | overt redact",
        "0 read to the end, whatever was found, 2 wrong use, 7 unreadable, 8 damaged counts, 9 no home",
    )
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each line of the input.")
@click.option("--special", is_flag=True, help="Also name the special categories (health, religion ...) it speaks of.")
@click.option("--mistake", is_flag=True, help="Count what is found in your home, as withheld by mistake; no text.")
@click.option("--feedback", is_flag=True, help="Read nothing: show what you counted as withheld by mistake.")
@home_option
def command(*, as_json: bool, special: bool, mistake: bool, feedback: bool, home: Path | None) -> None:
    """Read text on standard input and show, line by line, what would be withheld from it and by which detector.

    With --mistake the kinds and detectors are counted in your home, for your eyes: --feedback shows them. Nothing is
    withheld less for it, and nothing of it leaves your machine.

    With --json: {"line", "spans": [{"start", "end", "kind"}], "by": [[detector ...] for each span], "stored"}, places
    in characters of the line, and what would be stored: whole words are withheld, so that no rest of a secret stays.
    """
    if feedback:
        _feedback(opened(home, Role.EMPLOYEE), as_json=as_json)
        return
    person = opened(home, Role.EMPLOYEE) if mistake else None
    noted: list[Mistake] = []
    for number, (line, found) in enumerate(_looked_at(_lines()), start=1):
        noted += [(each.span.kind.value, each.by) for each in found]
        topics = sorted(topic.value for topic in special_categories(line)) if special else []
        click.echo(_object(number, line, found, topics, special=special) if as_json else _shown(line, found, topics))
    if person is not None:
        note(f"counted as withheld by mistake: {note_mistakes(person, noted):,}; see --feedback")


def _feedback(person: Home, *, as_json: bool) -> None:
    known = sorted(mistakes(person).items())
    rows = [{"kind": kind, "by": by, "count": count} for (kind, by), count in known]
    lines = [f"{count:>6,}  {kind} by {by}" for (kind, by), count in known]
    say({"mistakes": rows}, lines or ["nothing was counted as withheld by mistake"], as_json=as_json)


def _lines() -> Iterator[str]:
    if at_terminal():
        note("type text, a line at a time; Ctrl+D ends it")
    # Bytes that are no text are shown as such: nothing is refused, for nothing is kept.
    for line in sys.stdin.buffer:
        yield line.decode(errors="replace").rstrip("\r\n")


def _looked_at(lines: Iterable[str]) -> Iterator[tuple[str, list[Finding]]]:
    """Yield each line and what is found in it; a private key goes on until its own end, over many lines."""
    opened = ""
    for line in lines:
        found = _found(opened, line)
        yield line, found
        last = next((each.span for each in found if each.span.kind is Kind.PRIVATE_KEY), None)
        goes_on = last is not None and last.end == len(line) and "-----END " not in line
        opened = (opened or f"{line}\n") if goes_on and (opened or "-----BEGIN " in line) else ""


def _found(opened: str, line: str) -> list[Finding]:
    shift = len(opened)
    shifted = []
    for finding in findings(opened + line):
        start, end = max(0, finding.span.start - shift), min(len(line), finding.span.end - shift)
        if start < end:
            shifted.append(Finding(span=Span(start=start, end=end, kind=finding.span.kind), by=finding.by))
    return shifted


def _object(number: int, line: str, found: list[Finding], topics: list[str], *, special: bool) -> str:
    spans = merged([each.span for each in found])
    result: dict[str, object] = {
        "line": number,
        "spans": [{"start": span.start, "end": span.end, "kind": span.kind.value} for span in spans],
        "by": _detectors(spans, found),
        "stored": "".join(part for part, _ in _marked(line, spans)),
    }
    return json.dumps(result | ({"special": topics} if special else {}), ensure_ascii=False)


def _shown(line: str, found: list[Finding], topics: list[str]) -> str:
    spans = merged([each.span for each in found])
    text = "".join(
        click.style(part, fg="black", bg="yellow") if marker else printable(part)
        for part, marker in _marked(line, spans)
    )
    reasons = [
        f"{span.kind.value} by {', '.join(by)}" for span, by in zip(spans, _detectors(spans, found), strict=True)
    ]
    reasons += [f"speaks of {topic}" for topic in topics]
    return text + (click.style(f"    ({'; '.join(dict.fromkeys(reasons))})", dim=True) if reasons else "")


def _detectors(spans: list[Span], found: list[Finding]) -> list[list[str]]:
    """Return the names of the detectors behind each of *spans*, in which all of *found* lie; linear but for a sort."""
    starts = [span.start for span in spans]
    names: list[set[str]] = [set() for _ in spans]
    for finding in found:
        names[bisect_right(starts, finding.span.start) - 1].add(finding.by)
    return [sorted(each) for each in names]


def _marked(line: str, spans: list[Span]) -> Iterator[tuple[str, bool]]:
    """Yield the parts of *line* as it would be stored, and whether each is a marker."""
    at = 0
    for span in widened(line, spans):
        yield line[at : span.start], False
        yield span.kind.marker, True
        at = span.end
    yield line[at:], False
