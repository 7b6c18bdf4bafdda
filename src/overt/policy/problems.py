"""What is wrong with a policy, in one line each: what, where, and what to do."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from overt.policy.positions import Path, line_of

TOO_DEEP: Final = ("a value is nested too deeply", "take it out")
"""The document is written as JSON by ourselves, so there is no other reason why that could be refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with a policy.

    *line* is from 1, or 0 when it has none; *entry* names the entry, or is empty; *what* is wrong, and *remedy* says
    how to mend it.
    """

    line: int = 0
    entry: str = ""
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        """Return the problem in one line."""
        place = (f"line {self.line}: " if self.line else "") + (f"{self.entry}: " if self.entry else "")
        return f"{place}{self.what}" + (f"; {self.remedy}" if self.remedy else "")


def listed(problems: tuple[Problem, ...]) -> str:
    """Return *problems* on one line."""
    return " | ".join(str(problem) for problem in problems)


def problems_of(
    invalid: ValidationError, lines: Mapping[Path, int], known: Mapping[str, tuple[str, ...]]
) -> tuple[Problem, ...]:
    """Say what the errors of the model mean, from the first of *lines* to the last.

    *known* names the entries of each table, by the table's own name.
    """
    errors = invalid.errors(include_input=False, include_url=False)
    paths = [error["loc"] for error in errors]
    found = [_problem(error, lines, known) for error in errors if not _follows(error, paths)]
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.entry, problem.what)))


def _follows(error: ErrorDetails, paths: list[Path]) -> bool:
    """Say whether a list is called empty only because its elements are wrong."""
    path = error["loc"]
    return error["type"] == "too_short" and any(other[: len(path)] == path != other for other in paths)


def _problem(error: ErrorDetails, lines: Mapping[Path, int], known: Mapping[str, tuple[str, ...]]) -> Problem:
    path: Path = error["loc"]
    entry = _entry(path)
    if error["type"] == "missing":
        return Problem(line=line_of(lines, path[:-1]), entry=entry, what="is missing", remedy="add it")
    if error["type"] == "extra_forbidden":
        return Problem(
            line=line_of(lines, path), entry=entry, what="no policy has this entry", remedy=_hint(path, known)
        )
    what, remedy = _WORDS.get(error["type"], _unknown)(error)
    return Problem(line=line_of(lines, path), entry=entry, what=what, remedy=remedy)


def _entry(path: Path) -> str:
    """Write *path* as a person would: ``schedule[2].begin``, counted from 1."""
    written = ""
    for part in path:
        written += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return written.removeprefix(".")


def _hint(path: Path, known: Mapping[str, tuple[str, ...]]) -> str:
    table = next((part for part in reversed(path[:-1]) if part in known), "")
    likely = get_close_matches(str(path[-1]), known.get(str(table), ()), n=1)
    return f"do you mean {likely[0]}?" if likely else "take it out"


def _said(error: ErrorDetails, name: str) -> object:
    return error.get("ctx", {}).get(name)


def _wrong(kind: str, example: str) -> Callable[[ErrorDetails], tuple[str, str]]:
    return lambda _: (f"is not {kind}", f"write it as {example}")


def _bound(words: str, name: str) -> Callable[[ErrorDetails], tuple[str, str]]:
    return lambda error: (f"is out of its range: {words} {_said(error, name)}", "change the number")


def _choice(error: ErrorDetails) -> tuple[str, str]:
    return "is not one of the values that this entry can have", f"write {_said(error, 'expected')}"


def _own(error: ErrorDetails) -> tuple[str, str]:
    """Our own validators say both halves, with a semicolon between them where they have a remedy."""
    what, _, remedy = str(error["msg"]).removeprefix("Value error, ").partition("; ")
    return what, remedy


def _form(error: ErrorDetails) -> tuple[str, str]:
    named = [part for part in error["loc"] if isinstance(part, str)]
    return "is not written as this entry must be", f"write {_FORMS.get(named[-1], 'one line of plain text')}"


def _unknown(error: ErrorDetails) -> tuple[str, str]:
    what = str(error["msg"])
    return f"{what[:1].lower()}{what[1:]}", "mend it"


_FORMS: Final = MappingProxyType(
    {
        "begin": "hours and minutes, for example 09:00",
        "end": "hours and minutes, for example 17:30, at the latest 24:00",
        "sha256": "the 64 digits that sha256sum prints for the file",
        "country": "the two capitals of a country, for example DE",
        "currency": "the three capitals of a currency, for example EUR",
        "jurisdictions": "a code such as EU, DE or US-CA",
        "excluded": "an area such as linkedin/pulse",
        "sites": "the name of a site, such as wikipedia",
    }
)

_INT: Final = _wrong("a whole number", "digits without quotes, for example 30")
_TEXT: Final = _wrong("a text", 'a text in quotes, for example "Acme Ltd"')
_DATE: Final = _wrong("a date", "2026-01-31")
_TABLE: Final = _wrong("a table", "a header in brackets, and its entries below it")

_WORDS: Final = MappingProxyType[str, Callable[[ErrorDetails], tuple[str, str]]](
    dict.fromkeys(("int_type", "int_from_float", "int_parsing", "finite_number"), _INT)
    | dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"), _DATE)
    | {
        "string_type": _TEXT,
        "bool_type": _wrong("true or false", "true or false, without quotes"),
        "tuple_type": _wrong("a list", 'a list, for example ["google"]'),
        "model_type": _TABLE,
        "model_attributes_type": _TABLE,
        "dict_type": _TABLE,
        "greater_than_equal": _bound("it must be at least", "ge"),
        "less_than_equal": _bound("it must be at most", "le"),
        "literal_error": _choice,
        "enum": _choice,
        "too_short": lambda _: ("is empty", "name at least one"),
        "string_too_short": lambda _: ("is empty", "fill it in"),
        "string_too_long": lambda error: (f"is longer than {_said(error, 'max_length')} characters", "shorten it"),
        "string_pattern_mismatch": _form,
        "value_error": _own,
        "json_invalid": lambda _: TOO_DEEP,
    }
)
