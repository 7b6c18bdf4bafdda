"""The judge ``rules``: the detectors of the exporter's version, on every text."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

from overt import __version__
from overt.dataset.judge import Judge, Sight
from overt.redact.detect import detect
from overt.redact.kinds import Kind
from overt.redact.version import REDACTOR_VERSION

_MARKER: Final = re.compile("|".join(re.escape(kind.marker) for kind in Kind))


class _Rules:
    name = "rules"
    version = f"overt {__version__}, rules {REDACTOR_VERSION}"
    sights = frozenset({Sight.TYPED, Sight.TEXT})

    def findings(self, shown: str | bytes) -> Mapping[str, int]:
        return kinds_in(shown) if isinstance(shown, str) else {}


def open_judge() -> Judge:
    """Return the judge."""
    return _Rules()


def kinds_in(text: str) -> Counter[str]:
    """Count by kind what the detectors find in *text*, but for the markers of what was withheld before."""
    # ``password: [EMAIL]`` says nothing that was not withheld already.
    new = (span for span in detect(text) if _says_something(text[span.start : span.end]))
    return Counter(span.kind.value for span in new)


def _says_something(found: str) -> bool:
    return any(char.isalnum() for char in _MARKER.sub("", found))
