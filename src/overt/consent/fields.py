"""Pick typed values out of a JSON document; whatever is not as expected raises, and is refused by the caller."""

from collections.abc import Mapping
from typing import TypeVar

from overt.policy.canonical import JsonValue

Document = dict[str, JsonValue]

_Meaning = TypeVar("_Meaning")
_Term = TypeVar("_Term")


def objects(document: Document, key: str) -> list[Document]:
    """Return the objects that the list under *key* holds; raises ``KeyError`` or ``TypeError``."""
    values = document[key]
    if not isinstance(values, list):
        raise TypeError(key)
    return [value for value in values if isinstance(value, dict)]


def first(document: Document, key: str) -> Document:
    """Return the object under *key*, or the first of several; raises ``KeyError``, ``IndexError`` or ``TypeError``."""
    value = document[key]
    return value if isinstance(value, dict) else objects(document, key)[0]


def text(document: Document, key: str) -> str:
    """Return the text under *key*; raises ``KeyError`` or ``TypeError``."""
    value = document[key]
    if not isinstance(value, str):
        raise TypeError(key)
    return value


def texts(document: Document, key: str) -> list[str]:
    """Return the texts that the list under *key* holds; raises ``KeyError`` or ``TypeError``."""
    values = document[key]
    if not isinstance(values, list):
        raise TypeError(key)
    return [value for value in values if isinstance(value, str)]


def number(document: Document, key: str) -> int:
    """Return the whole number under *key*; raises ``KeyError`` or ``TypeError``."""
    value = document[key]
    if not isinstance(value, int):
        raise TypeError(key)
    return value


def named(terms: Mapping[_Meaning, _Term], wanted: _Term) -> _Meaning:
    """Return what the term *wanted* stands for among *terms*; raises ``KeyError``."""
    return {term: meaning for meaning, term in terms.items()}[wanted]
