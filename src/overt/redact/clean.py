"""Short texts that are known whole (titles, names, addresses): detected, widened to whole words, and marked."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from overt.policy.urls import CleanUrl
from overt.redact.detect import detect
from overt.redact.echo import Echo
from overt.redact.engine import Pattern
from overt.redact.fold import storable
from overt.redact.kinds import Kind, Span, merged

LONGEST: Final = 1000
"""Characters of a title or a name that are kept; what is longer is cut at a space, lest half a secret be left."""

_PERSONAL: Final = Pattern(r"(?i)(?:^|\.)linkedin\.com/(?:in|pub|profile)(?:/|$)")
_WAITING: Final = Pattern(r"^\s*\(\d+\+?\)\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """A text with markers in it, and the kinds of what they stand for."""

    text: str
    kinds: tuple[Kind, ...] = ()


def clean_text(text: str, echo: Echo) -> Cleaned:
    """Put markers into *text* for what the detectors find and for what *echo* remembers."""
    return _cleaned(text, echo, lambda each: each)


def _cleaned(text: str, echo: Echo, reading: Callable[[str], str]) -> Cleaned:
    """Clean *text*, in which the detectors also look at its *reading*, character for character as long as itself."""
    text = storable(text)
    if len(text) > LONGEST:
        text = text[:LONGEST].rpartition(" ")[0]
    found = [span for each in dict.fromkeys((text, reading(text))) for span in (*detect(each), *echo.spans(each))]
    spans = widened(text, found)
    parts: list[str] = []
    kinds: list[Kind] = []
    at = 0
    for span in spans:
        if not kinds or text[at : span.start].strip() or kinds[-1] is not span.kind:
            parts += [text[at : span.start], span.kind.marker]
            kinds.append(span.kind)
        at = span.end
    return Cleaned(text="".join([*parts, text[at:]]), kinds=tuple(dict.fromkeys(kinds)))


def telling(text: str) -> list[tuple[int, int]]:
    """Return what of a page's *text*, in whole words, the detectors withhold: characters from and up to."""
    return [(span.start, span.end) for span in widened(text, detect(text))]


def clean_title(title: str, address: CleanUrl, echo: Echo) -> Cleaned:
    """Put markers into the *title* of the page at *address*; the title of a page about a person is all marker.

    A number in front of a title counts messages that wait for whoever is signed in.
    """
    if _PERSONAL.spans(f"{address.host}{address.path}"):
        return Cleaned(text=Kind.PERSON.marker, kinds=(Kind.PERSON,))
    counts = _WAITING.spans(title)
    return clean_text(title[counts[0][1] :] if counts else title, echo)


def clean_url(address: CleanUrl, echo: Echo) -> tuple[CleanUrl, tuple[Kind, ...]]:
    """Put markers into the path, the parameters and the query of *address*."""
    found: list[Kind] = []

    def text(part: str) -> str:
        # An underscore may stand for a space, as in the names of articles, or be part of a password.
        cleaned = _cleaned(part, echo, lambda each: each.replace("_", " "))
        found.extend(cleaned.kinds)
        return cleaned.text

    path = "/".join(text(part) for part in address.path.split("/"))
    params = tuple((name, text(value)) for name, value in address.params)
    query = None if address.query is None else text(address.query)
    return replace(address, path=path, params=params, query=query), tuple(dict.fromkeys(found))


def widened(text: str, spans: list[Span]) -> list[Span]:
    """Widen *spans* to whole words of *text*, so that no end of a secret stands beside its marker."""
    wide: list[Span] = []
    for span in spans:
        start, end = span.start, span.end
        while start > 0 and not text[start - 1].isspace():
            start -= 1
        while end < len(text) and not text[end].isspace():
            end += 1
        wide.append(Span(start=start, end=end, kind=span.kind))
    return merged(wide)
