"""Which long numbers are nobody's secret: dates, prices, quantities, scores, versions, standards, books, constants."""

import re
from typing import Final

from overt.redact.engine import Pattern

_BEFORE: Final = 20
"""Characters in front of a number that may say what it is."""

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
            # a season, a span, several years
            rf"{_YEAR}[-/]\d\d",
            rf"{_YEAR}(?: {_YEAR}){{1,3}}",
            # amounts and measures
            r"\d\.\d{4,6}",
            r"\d{1,5}[.,]\d{2}",
            r"\d{1,3}(?:,\d{3}){1,3}(?:\.\d{1,2})?",
            r"\d{1,3}(?:\.\d{3}){1,3},\d{2}",
            r"[1-9]\d{0,3}000",
            r"\d{1,2}\.\d{3}",
            r"\d{1,2}/\d{1,2}/\d{1,3}",
            # a fraction: of pressures, tyres, wickets, cases
            rf"\d{{2,3}}/\d{{2,3}}|{_YEAR}/\d{{1,4}}",
            rf"\d{{1,3}} \({_YEAR}|202\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])",
            # versions: short parts, or the four of a browser
            r"\d{1,2}\.\d{1,2}\.\d{1,3}(?:-\d{1,2})?",
            r"\d{2,3}\.0\.\d{4}\.\d{1,3}|\d{3}\.0\.\d{1,2}",
            # scores: one game, or the sets of a match
            r"1?\d?\d-1?\d?\d",
            r"[0-3]?\d-[0-3]?\d(?: [0-3]?\d-[0-3]?\d){1,4}",
            # airliners
            r"7[0-8]7-[1-9]00|3[1-8]\d-[1-9]0{2,3}",
        )
    )
)
_SMALL: Final = Pattern(rf"{_YEAR}|\d\d?")
_YEARS: Final = Pattern(rf"({_YEAR}) ?[-/ ] ?({_YEAR})")
_THOUSANDS: Final = Pattern(r"\d{1,3}(?:[.]\d{3}){1,3}|\d{1,3}(?:,\d{2}){0,3},\d{3}|[1-9]\d{0,2}(?: \d{3}){1,2}")
_UNIT: Final = Pattern(
    r"(?i)^ ?(?:km|m|mi|miles?|kg|g|lbs?|usd|eur|euros?|dollars?|pounds?|gbp|yen|people|years?|steps|hz|mhz|w|watts?|"
    r"lumens?|bytes?|kr|sek|nok|dkk|pln|zł|mah|calories|kcal|words|hours|feet|ft|bc|bce|rpm|k|%|chf|rupees|rs|inr|cny|rmb|won|btu|psi|lux|sqm|sq|"
    r"meters?|metres?|light|characters|followers|views|subscribers)(?:[^a-z0-9]|$)"
)
_ATTACHED: Final = Pattern(
    r"(?i)^(?:gb|tb|mb|kb|mhz|ghz|hz|mm|cm|km|nm|inch|in|w|mp|fps|ml|kg|mah|x[a-z0-9]{0,3}|th|nd|st|rd|k|"
    r"[a-z])(?:[^a-z0-9]|$)"
)
_CURRENCY: Final = frozenset("$€£¥₹")
_WEAKNESS: Final = Pattern(r"\d{4}-\d{4,6}")
_MOST_OF_A_QUANTITY: Final = 7
_IRRATIONAL: Final = "3.14159265358979323846 2.71828182845904523536 1.61803398874989484820 1.41421356237309504880"
_FEW: Final = 6
_CONSTANTS: Final = frozenset(
    (
        *("299792458", "299,792,458", "6.02214076", "6.62607015", "1.380649", "1.602176634", "8.314462618", "9.80665"),
        *(
            "0.5772156649",
            "0.30000000000000004",
            "2147483647",
            "4294967295",
            "24/7/365",
            "86400",
            "65535",
            "65536",
            "16777216",
            "31536000",
            "25519",
        ),
    )
)
_LONGEST_PLAIN: Final = 20
_TWO_YEARS: Final = 8
_OF_A_BOOK: Final = 13

_LABELS: Final = (
    (
        r"(?:iso|iec|din|ieee|iso/iec|en|din en|bs|astm [a-z]?|ansi|rfc|nist|nist sp|sp|fips|mil-std)[ -]?",
        r"\d{3,5}(?:-\d{1,4}){0,2}",
    ),
    (r"doi[ :]{0,2}", r"10\.\d{4,9}/[\d.]{1,20}"),
    (r"ddr", r"[345]-\d{4}"),
    (r"rgba?\(|log", r"\d{1,3}[\d,. (]{4,16}"),
    (r"population(?: of)? ", r"\d{5,9}"),
    (r"ora-", r"\d{5}"),
    (r"isbn(?:-1[03])?[ :]{0,2}", r"[\d -]{9,16}[\dxX]?"),
    (r"issn[ :]{0,2}", r"\d{4}-?\d{3}[\dxX]?"),
    (r"(?:upc|ean|gtin|barcode)(?: code)?[ :]{0,2}", r"\d{8}|\d{12,14}"),
    (r"http/", r"[1-3]\.[01] \d{3}(?: \d{1,9})?"),
    (r"arxiv\.org/(?:abs|pdf)/|arxiv[ :.]{0,2}", r"\d{4}\.\d{4,5}"),
    (r"(?:pmid|pmcid|pmc|oeis a|oclc|lccn|cas|cas no\.?)[ :]{0,2}", r"\d{2,8}(?:-\d\d-\d)?"),
    (
        r"(?:patent|us patent|patent us|ep|kb|tt|nct|q|error|error code|errno|event id|bug|issue|ticket|pr)[ :#]{0,2}",
        r"\d{5,8}",
    ),
    (r"(?:i[3579]|ryzen [3579]|core ultra [579]|xeon|epyc|threadripper|snapdragon|core)[ -]?", r"\d{4,5}"),
    (r"(?:i|ryzen |core ultra )", r"[3579][ -]\d{4,5}"),
    (r"(?:version|release|build|firmware|update|patch|driver|v\.?) ?", r"[\d.]{5,16}"),
    (r"(?:unix time|unix timestamp|timestamp|epoch) ", r"1\d{9}"),
    (r"(?:population|einwohner|ora|asteroid|lego|ikea|ngc|hip|hd|hr|psr|gliese|comet|asteroide) ?", r"\d{4,6}"),
    (r"(?:zip code|zip|plz|postcode|postal code|postleitzahl)(?: of| for)? ", r"\d{5}"),
)
_LABELLED: Final = tuple((Pattern(rf"(?i)(?:^|[^a-z]){label}$"), Pattern(number)) for label, number in _LABELS)
_ANY_LABEL: Final = Pattern(rf"(?i)(?:^|[^a-z])(?:{'|'.join(label for label, _ in _LABELS)})$")
_ENDS_OF_LABELS: Final = frozenset(" (:.#/-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_HEX: Final = Pattern(r"(?i)^0x[0-9a-f]{1,8}$")
_DOI: Final = Pattern(r"(?i)(?:^|[^a-z0-9])10\.\d{4,9}(?:/[a-z0-9.()_-]{0,40})?$")
_LONGEST_IN_A_DOI: Final = 12
_ALNUM: Final = Pattern(r"(?i)[0-9a-z]+")


def is_plain(text: str, start: int, end: int) -> bool:
    """Say whether the run of digits at *start* to *end* of a folded *text* tells of no one."""
    run = text[start:end].strip(" \t./_-()")
    digits = re.sub(r"\D", "", run)
    before, after = text[max(0, start - _BEFORE) : start], text[end : end + 12]
    return (
        _of_itself(run, digits)
        or _beside(run, after)
        or _labelled(run, before)
        or _in_an_identifier(text, start, end)
        or _quantity(run, digits, before, after)
    )


def _of_itself(run: str, digits: str) -> bool:
    if len(digits) <= _LONGEST_PLAIN and _PLAIN.whole(run) is not None:
        return True
    if " " in run and _two_plain(run):
        return True
    if len(digits) == _TWO_YEARS and _ascending(run):
        return True
    if run in _CONSTANTS or (run[1:2] == "." and len(digits) > _FEW and run in _IRRATIONAL):
        return True
    return len(digits) == _OF_A_BOOK and digits.startswith(("978", "979")) and book(digits)


def _two_plain(run: str) -> bool:
    """Accept an amount beside a year or a small number, as in ``1,500 2026``."""
    parts = run.split(" ")
    amounts = [part for part in parts if _PLAIN.whole(part) is not None or _ascending(part)]
    rest = [part for part in parts if part not in amounts]
    return len(parts) == 2 and len(amounts) > 0 and all(_SMALL.whole(part) is not None for part in rest)  # noqa: PLR2004


def _beside(run: str, after: str) -> bool:
    """Accept two numbers side by side of which the second is a quantity: ``4090 24gb``."""
    if " " not in run:
        return False
    first, _, second = run.rpartition(" ")
    return first.isdigit() and len(first) <= 4 >= len(second) and _ATTACHED.within(after)  # noqa: PLR2004 - fewer than FEWEST


def _labelled(run: str, before: str) -> bool:
    if _WEAKNESS.whole(run) is not None and before[-4:].casefold() == "cve-":
        return True
    return (
        before[-1:] in _ENDS_OF_LABELS
        and _ANY_LABEL.within(before)
        and any(number.whole(run) is not None and label.within(before) for label, number in _LABELLED)
    )


def _in_an_identifier(text: str, start: int, end: int) -> bool:
    """Accept digits of a short hexadecimal number (an error's code), and of a document's identifier (DOI)."""
    if text.startswith("10.", start) and _DOI.within(text[start : start + 8].partition("/")[0]):
        return text[end : end + 1] == "/"
    if start == 0 or text[start - 1].isspace():
        return False
    begin = start
    while begin > 0 and not text[begin - 1].isspace() and start - begin < 60:  # noqa: PLR2004 - longer than either
        begin -= 1
    token = text[begin:end]
    if "0x" in token.casefold() and _HEX.within(token):
        return True
    longest = max((last - first for first, last in _ALNUM.spans(text[start:end])), default=0)
    return "10." in token and longest <= _LONGEST_IN_A_DOI and _DOI.within(token)


def _quantity(run: str, digits: str, before: str, after: str) -> bool:
    if len(digits) > _MOST_OF_A_QUANTITY or not (digits == run or _THOUSANDS.whole(run) is not None):
        return False
    return before.rstrip()[-1:] in _CURRENCY or after.lstrip()[:1] in _CURRENCY or _UNIT.within(after)


def _ascending(run: str) -> bool:
    years = _YEARS.whole(run)
    return years is not None and years[0] < years[1]


def book(digits: str) -> bool:
    """Say whether thirteen *digits* end in the check digit of an ISBN."""
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0
