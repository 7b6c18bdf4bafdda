"""The digit policy: five or more digits are withheld, unless they plainly tell of nobody."""

import re
from typing import Final

from overt.redact.engine import Pattern
from overt.redact.kinds import Kind
from overt.redact.plain_numbers import is_plain

FEWEST: Final = 5
"""Digits; a shorter number tells little and is kept."""

_CARD_DIGITS: Final = range(13, 20)
_PHONE_DIGITS: Final = range(7, 16)
_SSN: Final = Pattern(r"\d{3}[- ]\d{2}[- ]\d{4}")


def kind_of_number(text: str, start: int, end: int) -> Kind | None:
    """Say what the run of digits at *start* to *end* of a folded *text* is, or ``None`` when it may be kept."""
    run = text[start:end].strip(" \t./_-")
    digits = re.sub(r"\D", "", run)
    if len(digits) < FEWEST or is_plain(text, start, end):
        return None
    if len(digits) in _CARD_DIGITS and luhn(digits):
        return Kind.CREDIT_CARD
    if _SSN.whole(run) is not None:
        return Kind.SSN
    telling = run.startswith(("+", "(")) or digits != run
    return Kind.PHONE if telling and len(digits) in _PHONE_DIGITS else Kind.NUMBER


def luhn(digits: str) -> bool:
    """Say whether *digits* end in their Luhn check digit; it chooses a marker's name and never what is withheld."""
    doubled = [int(digit) for digit in reversed(digits)]
    doubled[1::2] = [sum(divmod(2 * digit, 10)) for digit in doubled[1::2]]
    return sum(doubled) % 10 == 0
