"""``provenance.json``: the Data Provenance Standards 1.0.0 of the Data & Trust Alliance: source, origin, use."""

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from overt.dataset.card import licence_of, terms_of, title_of
from overt.dataset.croissant import release_id
from overt.dataset.manifest import Account
from overt.policy.purposes import Purpose

PROVENANCE: Final = "provenance.json"
VERSION: Final = "1.0.0"

Node = dict[str, Any]

_MEDIA: Final = {
    ".parquet": "application/vnd.apache.parquet",
    ".jsonl": "application/jsonl",
    ".json": "application/json",
    ".tar": "application/x-tar",
    ".png": "image/png",
}
_INTENDED: Final = {
    Purpose.MODEL_TRAINING: "training models that use a computer as people do",
    Purpose.MODEL_EVALUATION: "measuring models that use a computer as people do",
    Purpose.RESEARCH: "published research on how such tasks are done, never about a person",
}
_NOT_STATED: Final = "not stated: the policy names no place"


def provenance(account: Account, files: Mapping[str, str]) -> str:
    """Return the text of ``provenance.json`` of a data set with the data *files*."""
    told = {"source": _source(account), "provenance": _provenance(account, files), "use": _use(account)}
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def _source(account: Account) -> Node:
    about = account.about
    issuer = {"name": about.controller or "nobody: a trial", "address": [about.contact] if about.contact else []}
    return {
        "version": VERSION,
        "title": title_of(account),
        "id": release_id(account),
        "location": "MANIFEST.json",
        "issuer": [issuer],
        "description": "README.md",
    }


def _provenance(account: Account, files: Mapping[str, str]) -> Node:
    first, last = account.months
    suffixes = {PurePosixPath(name).suffix for name in files}
    return {
        "source": "none: recorded for this purpose",
        "origin": [],
        "origin-geography": [_place(each) for each in account.about.jurisdictions] or [{"country": _NOT_STATED}],
        "date": f"{last} (the month of the last recording; the day of issue is in its issuer's log)",
        "previous-date": "none",
        "generation-period": {"start": first, "end": last},
        "generation-method": [_method(account)],
        "format": sorted(_MEDIA[suffix] for suffix in suffixes if suffix in _MEDIA),
    }


def _method(account: Account) -> Node:
    if account.synthetic:
        return {"code": "synthetic", "description": "a program made everything up; no person was recorded"}
    signals = ", ".join(account.signals)
    return {"code": "direct-recording", "description": f"recorded from people at work, visibly: {signals}"}


def _use(account: Account) -> Node:
    receiver = account.about.receiver
    places = [{"country": receiver.country}] if receiver else [_place(each) for each in account.about.jurisdictions]
    return {
        "classification": [_personal(account)],
        "consents": ["MANIFEST.json#consent_receipts_sha256"],
        "privacy-enhancing": _protected(account),
        "processing-included": places,
        "processing-excluded": [],
        "storage-allowed": places,
        "storage-forbidden": [],
        "license": [licence_of(account), terms_of(account).replace("\n", " ")],
        "intended-purpose": [{"code": account.purpose, "description": _intended(account.purpose)}],
        "copyright": ["pictures show pages of the sites that were visited, whose makers hold the rights in them"],
        "patent": [],
        "trademark": [],
    }


def _personal(account: Account) -> Node:
    code = {"code": "personal-data", "description": "data about identifiable people, under pseudonyms of one release"}
    return {"regulation": code, "evaluated": not account.synthetic}


def _protected(account: Account) -> list[Node]:
    looked = [f"{name} {version}" for name, version in account.judges.items()]
    return [
        _tool("redaction", "while it was recorded, on the person's own machine", []),
        _tool("second-look", "at export; one finding bars the whole episode", looked),
        _tool("review", "each episode was looked through and approved by its person", []),
        _tool("pseudonymisation", "keyed, for this release alone", []),
        _tool("removal-of-timing", "no time inside an action; dwell in whole seconds", []),
    ]


def _tool(code: str, description: str, parameters: list[str]) -> Node:
    category = {"code": code, "description": description}
    return {"tool": "overt", "tool-used": "overt", "tool-category": category, "parameters": parameters}


def _intended(purpose: str) -> str:
    return _INTENDED.get(Purpose(purpose), purpose) if purpose in set(Purpose) else purpose


def _place(jurisdiction: str) -> Node:
    country, _, state = jurisdiction.partition("-")
    return {"country": country} | ({"state": state} if state else {})
