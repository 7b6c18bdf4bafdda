"""Which special categories of personal data (GDPR, Article 9) a text speaks of: a judge apart, and pure.

A detector finds what names or opens something; these words name nobody. A search for an illness is about its searcher
all the same, so a policy may want the whole segment dropped. Whether it does is the caller's to ask.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from overt.redact.engine import Pattern
from overt.redact.fold import fold
from overt.redact.special_terms import TERMS


class SpecialCategory(StrEnum):
    """A category that the law protects more than others."""

    HEALTH = "health"
    POLITICS = "politics"
    RELIGION = "religion"
    SEXUALITY = "sexuality"
    UNION = "union"


def special_categories(text: str) -> frozenset[SpecialCategory]:
    """Return the special categories of which *text* speaks; whole words, in any case, in English and German."""
    folded = fold(text)[0]
    if not _ANY.within(folded):
        return frozenset()
    return frozenset(category for category, pattern in _PATTERNS.items() if pattern.within(folded))


def _pattern(terms: str) -> str:
    """Return a pattern of whole words: ``~`` joins the words of one term, ``*`` is any ending."""
    words = [fold(term)[0].replace("~", "[ -]").replace("*", r"[a-z\x{80}-\x{10ffff}]*") for term in terms.split()]
    return rf"(?i)(?:^|[^a-z0-9\x{{80}}-\x{{10ffff}}])(?:{'|'.join(words)})(?:[^a-z0-9\x{{80}}-\x{{10ffff}}]|$)"


_SOURCES: Final = MappingProxyType({category: _pattern(TERMS[category.value]) for category in SpecialCategory})
_PATTERNS: Final = MappingProxyType({category: Pattern(source) for category, source in _SOURCES.items()})
_ANY: Final = Pattern("|".join(f"(?:{source})" for source in _SOURCES.values()))
