"""All the detectors that there are: every module of ``detectors/``, in the order of their names."""

import importlib
import pkgutil
from types import MappingProxyType
from typing import Final

from overt.redact import detectors
from overt.redact.detector import Detector, Search
from overt.redact.engine import Words


def _load() -> dict[str, Detector]:
    names = sorted(module.name for module in pkgutil.iter_modules(detectors.__path__))
    return {name: importlib.import_module(f"{detectors.__name__}.{name}").DETECTOR for name in names}


DETECTORS: Final = MappingProxyType(_load())
"""Detectors by name."""

COMPILED: Final[tuple[tuple[str, Detector, Search], ...]] = tuple(
    (name, detector, detector.compiled()) for name, detector in DETECTORS.items()
)
"""Name, detector, and what finds its candidates."""

_HINTS: Final = Words([sorted(detector.hinted()) for detector in DETECTORS.values()])


def worth_trying(folded: str) -> list[tuple[str, Detector, Search]]:
    """Return those of ``COMPILED`` that could find anything in a *folded* text: one of their hints is in it."""
    return [COMPILED[number] for number in _HINTS.within(folded)]
