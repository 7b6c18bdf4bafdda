"""What must be withheld from a text, found by structure alone: ``detect``."""

import ipaddress
from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Final

from overt.redact.digits import kind_of_number
from overt.redact.engine import Pattern
from overt.redact.fold import fold
from overt.redact.kinds import Kind, Span, merged
from overt.redact.patterns import EACH, NOT_A_VALUE, RULES, TOGETHER, Rule
from overt.redact.tokens import random_tokens

_IBAN_DIGITS: Final = 6
_COLONS_OF_IPV6: Final = 2
_WORD: Final = Pattern(r"[\pL\pN_]")


def detect(text: str) -> list[Span]:
    """Return what of *text* must be withheld: spans in order, none overlapping. Pure, and linear in the length."""
    folded, places = fold(text)
    found = [span for number in TOGETHER.matching(folded) for span in _look(RULES[number], EACH[number], folded)]
    spans = merged(found) if found else []
    return spans if places is None else [_unfolded(span, places) for span in spans]


def _unfolded(span: Span, places: list[int]) -> Span:
    return Span(start=places[span.start], end=places[span.end - 1] + 1, kind=span.kind)


def _look(rule: Rule, pattern: Pattern, text: str) -> Iterator[Span]:
    """Yield the spans of *rule* that stand up to a closer look."""
    if rule.kind is Kind.SECRET:
        for start, end in random_tokens(text):
            yield Span(start=start, end=end, kind=rule.kind)
        return
    judge = _CLOSER.get(rule.kind)
    for start, end in pattern.spans(text, rule.group):
        kind = rule.kind if judge is None else judge(text, start, end)
        if kind is not None:
            yield Span(start=start, end=end, kind=kind)


def _password(text: str, start: int, end: int) -> Kind | None:
    value = text[start:end].strip("\"'`.,;!?()").casefold()
    return None if value in NOT_A_VALUE else Kind.PASSWORD


def _iban(text: str, start: int, end: int) -> Kind | None:
    return Kind.IBAN if sum(char.isdigit() for char in text[start:end]) >= _IBAN_DIGITS else None


def _address(text: str, start: int, end: int) -> Kind | None:
    """Accept an address of the internet protocol or of a network card, and no time of day or part of a word."""
    word = text[start:end]
    if _WORD.within(text[max(0, start - 1) : start] + text[end : end + 1]):
        return None
    if word.count(":") < _COLONS_OF_IPV6 or not any(char.isdigit() for char in word):
        return Kind.IP if word.count(".") or word.count("-") else None
    try:
        ipaddress.ip_address(word)
    except ValueError:
        return Kind.IP if word.count(":") == 5 and "::" not in word else None  # noqa: PLR2004 - a network card's
    return Kind.IP


_CLOSER: Final = MappingProxyType[Kind, Callable[[str, int, int], Kind | None]](
    {Kind.PASSWORD: _password, Kind.IBAN: _iban, Kind.IP: _address, Kind.NUMBER: kind_of_number}
)
