"""The judge ``ocr``: reads the text in frames, with models that lie in their wheel, and asks the detectors about it."""

import importlib
from collections import Counter
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from overt.dataset.judge import Judge, Sight
from overt.dataset.judges.rules import kinds_in
from overt.errors import BackendUnavailableError


class _Ocr:
    name = "ocr"
    sights = frozenset({Sight.PICTURE})

    def __init__(self, reader: Any, told: str) -> None:  # noqa: ANN401 - it has no types of its own
        self._reader = reader
        self.version = told

    def findings(self, shown: str | bytes) -> Mapping[str, int]:
        if isinstance(shown, str):
            return {}
        lines = [str(line) for line in self._reader(shown).txts or ()]
        alone: Counter[str] = Counter()
        for line in lines:
            alone.update(kinds_in(line))
        # A label and its value are often read as two lines.
        return alone | kinds_in("\n".join(lines)) | kinds_in(" ".join(lines))


def open_judge() -> Judge:
    """Return the judge; raises ``BackendUnavailableError``."""
    try:
        told = f"rapidocr {version('rapidocr')}, onnxruntime {version('onnxruntime')}"
        reader = importlib.import_module("rapidocr").RapidOCR()
    except (ImportError, PackageNotFoundError):
        raise BackendUnavailableError(
            "the judge ocr needs rapidocr, which is not installed", hint="pip install 'overt[ocr]'"
        ) from None
    return _Ocr(reader, told)
