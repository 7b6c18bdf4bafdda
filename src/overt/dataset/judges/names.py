"""The judge ``names``: what Presidio takes for a person's name in what was typed. Strict: it also finds the famous."""

from overt.dataset.judge import Judge, Sight
from overt.dataset.judges.presidio import Analyzer


def open_judge() -> Judge:
    """Return the judge; raises ``BackendUnavailableError``."""
    return Analyzer("names", frozenset({Sight.TYPED}), frozenset({"PERSON"}))
