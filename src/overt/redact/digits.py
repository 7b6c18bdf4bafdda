"""The digit policy: five or more digits are withheld, unless they are plainly a date, a year, a price or a quantity."""

import re
from typing import Final

from overt.redact.engine import Pattern
from overt.redact.kinds import Kind

FEWEST: Final = 5
"""Digits; a shorter number tells little and is kept."""

_YEAR: Final = r"(?:1[4-9]\d\d|20\d\d)"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_DAY: Final = r"(?:0?[1-9]|[12]\d|3[01])"
_PLAIN: Final = Pattern(
    "|".join(
        (
            rf"{_YEAR}[-./ ]{_MONTH}[-./ ]{_DAY}",
            rf"{_DAY}[-./ ]{_MONTH}[-./ ](?:{_YEAR}|\d\d)",
            rf"{_MONTH}[-./ ]{_DAY}[-./ ](?:{_YEAR}|\d\d)",
            rf"{_DAY} {_YEAR}",
            rf"{_MONTH}[-./]{_YEAR}|{_YEAR}[-./]{_MONTH}",
            r"\d\.\d{4,6}",
            r"\d{1,5}\.\d{2}",
            r"\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,2})?",
        )
    )
)
_SMALL: Final = Pattern(rf"{_YEAR}|\d\d?")
_YEARS: Final = Pattern(rf"({_YEAR}) ?[-/ ] ?({_YEAR})")
_THOUSANDS: Final = Pattern(r"\d{1,3}(?:[.]\d{3}){1,3}")
_UNIT: Final = Pattern(
    r"(?i)^ ?(?:km|m|mi|miles?|kg|g|lbs?|usd|eur|euros?|dollars?|pounds?|gbp|yen|people|years?|steps|hz|mhz|w|watts?|"
    r"lumens?|mah|calories|kcal|words|hours|feet|ft|bc|bce|rpm|k|%)(?:[^\pL\pN]|$)"
)
_CURRENCY: Final = frozenset("$€£¥₹")
_STANDARD: Final = Pattern(r"(?i)(?:iso|iec|din|ieee|iso/iec)[ -]?$")
_WEAKNESS: Final = Pattern(r"\d{4}-\d{4,6}")
_MOST_OF_A_QUANTITY: Final = 7
_CARD_DIGITS: Final = range(13, 20)
_PHONE_DIGITS: Final = range(7, 16)
_SSN: Final = Pattern(r"\d{3}[- ]\d{2}[- ]\d{4}")


def kind_of_number(text: str, start: int, end: int) -> Kind | None:
    """Say what the run of digits at *start* to *end* of a folded *text* is, or ``None`` when it may be kept."""
    run = text[start:end].strip(" \t./_-")
    inner = run.strip("()")
    digits = re.sub(r"\D", "", run)
    if len(digits) < FEWEST or _is_plain(text, start, end, inner, digits):
        return None
    if len(digits) in _CARD_DIGITS and luhn(digits):
        return Kind.CREDIT_CARD
    if _SSN.whole(run) is not None:
        return Kind.SSN
    telling = run.startswith(("+", "(")) or digits != run
    return Kind.PHONE if telling and len(digits) in _PHONE_DIGITS else Kind.NUMBER


def _is_plain(text: str, start: int, end: int, run: str, digits: str) -> bool:
    if _PLAIN.whole(run) is not None or _ascending(run) or _two_plain(run):
        return True
    before, after = text[max(0, start - 12) : start], text[end : end + 12]
    if _WEAKNESS.whole(run) is not None and before[-4:].casefold() == "cve-":
        return True
    if len(digits) > _MOST_OF_A_QUANTITY:
        return False
    whole = digits == run or _THOUSANDS.whole(run) is not None
    if whole and (before.rstrip()[-1:] in _CURRENCY or after.lstrip()[:1] in _CURRENCY or _UNIT.within(after)):
        return True
    return len(digits) == FEWEST and digits == run and _STANDARD.within(before)


def _two_plain(run: str) -> bool:
    """Accept an amount beside a year or a small number, as in ``1,500 2026``."""
    parts = run.split(" ")
    amounts = [part for part in parts if _PLAIN.whole(part) is not None]
    rest = [part for part in parts if part not in amounts]
    return len(parts) == 2 and len(amounts) > 0 and all(_SMALL.whole(part) is not None for part in rest)  # noqa: PLR2004


def _ascending(run: str) -> bool:
    years = _YEARS.whole(run)
    return years is not None and years[0] < years[1]


def luhn(digits: str) -> bool:
    """Say whether *digits* end in their Luhn check digit; it chooses a marker's name and never what is withheld."""
    doubled = [int(digit) for digit in reversed(digits)]
    doubled[1::2] = [sum(divmod(2 * digit, 10)) for digit in doubled[1::2]]
    return sum(doubled) % 10 == 0
