"""Hold a consent record or receipt against its SHACL shapes, offline; needs the extra ``audit``."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.resources import files
from typing import Any, Final

from overt.consent.vocabulary import CONTEXT, unknown_terms
from overt.errors import BackendUnavailableError, ConsentError, FormatError
from overt.policy.canonical import read_canonical

SHAPES: Final = "consent-v1.shapes.ttl"

_SHACL: Final = "http://www.w3.org/ns/shacl#"


def shape_problems(document: str) -> tuple[str, ...]:
    """Return in what the JSON-LD *document*, a record or a receipt, is not as the shapes ask; empty when it is.

    Also returned are words that its vocabularies do not have. Nothing is fetched: a document with another context than
    ours, which might name an address, is refused before it is read as a graph.

    Raises:
        ConsentError: *document* is not canonical JSON, or has another context.
        BackendUnavailableError: The extra ``audit`` is not installed.
    """
    try:
        read = read_canonical(document.removesuffix("\n"), "the record")
    except FormatError as problem:
        raise ConsentError(str(problem)) from None
    records = read.get("dpv:hasRecordOfActivity", [])
    inner = [record for record in records if isinstance(record, dict)] if isinstance(records, list) else []
    if any(each.get("@context") != CONTEXT for each in (read, *inner)):
        raise ConsentError("the record has another context than ours")
    strangers = tuple(f"unknown word: {word}" for word in unknown_terms(read))
    with _quiet():
        return strangers + _violations(document)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what rdflib says of itself, and of malformed values, off standard error: the shapes say it in words."""
    log = logging.getLogger("rdflib")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            yield
    finally:
        log.setLevel(level)


def _violations(document: str) -> tuple[str, ...]:
    pyshacl, rdflib = _installed("pyshacl"), _installed("rdflib")
    try:
        graph = rdflib.Graph().parse(data=document, format="json-ld")
    except Exception:  # noqa: BLE001 - a parser of another project, on a document of whoever
        raise ConsentError("the record cannot be read as a graph") from None
    shapes = rdflib.Graph().parse(data=(files("overt.consent") / SHAPES).read_text(encoding="utf-8"), format="turtle")
    conforms, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none", abort_on_first=False)
    if conforms:
        return ()
    messages = report.objects(predicate=rdflib.URIRef(f"{_SHACL}resultMessage"))
    return tuple(sorted({str(message) for message in messages})) or ("the record is not as the shapes ask",)


def _installed(name: str) -> Any:  # noqa: ANN401 - a module, imported only where it is asked for
    try:
        return import_module(name)
    except ImportError:
        raise BackendUnavailableError(
            "the shapes cannot be looked at: pyshacl is not installed", hint="pip install 'overt[audit]'"
        ) from None
