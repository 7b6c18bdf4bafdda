"""What a judge of the second look is, and the ones that there are by name."""

import importlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Protocol


class Sight(StrEnum):
    """What a judge looks at."""

    TYPED = "typed"
    """What the person typed, and searched for."""
    TEXT = "text"
    """Every other text: titles, addresses, names of elements."""
    PICTURE = "picture"
    """A frame, as a PNG file."""


class Judge(Protocol):
    """Looks once more at what is about to be exported, and tells kinds and counts alone."""

    name: str
    version: str
    """What looked, for the manifest."""
    sights: frozenset[Sight]

    def findings(self, shown: str | bytes) -> Mapping[str, int]:
        """Return what the text *shown*, or the PNG file, holds that must not be exported: kinds, and how many."""
        ...


RULES: Final = "rules"
"""The judge that always looks: the detectors of this version."""

SLOW: Final = ("ocr", "presidio", "names")
"""Those that an admin may add."""


def judge_of(name: str) -> Judge:
    """Return the judge *name* in this very process; raises ``BackendUnavailableError``."""
    judge: Judge = importlib.import_module(f"overt.dataset.judges.{name}").open_judge()
    return judge
