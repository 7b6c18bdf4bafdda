"""The form of a consent record as a JSON Schema, for readers that do not rebuild its text as ours does."""

from collections.abc import Iterable, Mapping
from typing import Final

from overt.consent.vocabulary import (
    CONSENT_RECORD,
    CONTEXT,
    EXPRESSED_TERMS,
    MEASURES,
    PROCESSING,
    PROHIBITED_TERMS,
    PURPOSE_TERMS,
    RECIPIENT_TERMS,
    RIGHTS,
    SIGNAL_TERMS,
)
from overt.policy.canonical import JsonValue

Schema = dict[str, JsonValue]

_ID: Final[JsonValue] = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
_HASH: Final[JsonValue] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_TEXT: Final[JsonValue] = {"type": "string", "minLength": 1, "maxLength": 300}
_INSTANT: Final[JsonValue] = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"}
_SUBJECT: Final[JsonValue] = {"type": "string", "pattern": "^urn:overt:subject:[0-9a-f]{32}$"}
_PLACE: Final[JsonValue] = {"type": "string", "pattern": "^loc:[A-Z]{2}(-[A-Z0-9]{1,3})?$"}
_DAY: Final[JsonValue] = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_GRANT: Final[JsonValue] = {"type": "string", "pattern": "^urn:overt:grant:[0-9a-f]{32}$"}


def record_schema() -> Schema:
    """Return the JSON Schema (draft 2020-12) that the record of every grant keeps to.

    It is weaker than the record: that two fields agree, and that an instant exists, only the rebuilt text shows.
    """
    record = _object(
        {
            "@context": {"const": CONTEXT},
            "@id": _GRANT,
            "@type": {"const": "dpv:ConsentRecord"},
            "dct:conformsTo": {"const": CONSENT_RECORD},
            "dct:identifier": _ID,
            "dpv:hasConsentStatus": _list(_event(), most=1),
            "dpv:hasDataSubject": _subject(),
            "dpv:hasIdentifier": _ID,
            "dpv:hasNotice": _list(_notice(), most=1),
            "dpv:hasProcess": _list(_process(), most=len(PURPOSE_TERMS)),
            "rec:jurisdictionProfile": _list(_heeded(), most=300),
            "rec:policySha256": _HASH,
            "rec:prevHash": _HASH,
            "rec:recipientsSha256": _HASH,
            "rec:trial": {"type": "boolean"},
        },
        optional=("rec:prevHash",),
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:overt:consent:record-schema-1",
        "title": "A consent record of Overt (docs/spec/consent-v1.md, section 4)",
        **record,
    }


def _object(properties: Mapping[str, JsonValue], optional: Iterable[str] = ()) -> Schema:
    left_out = frozenset(optional)
    required: list[JsonValue] = [name for name in properties if name not in left_out]
    return {"type": "object", "properties": {**properties}, "required": required, "additionalProperties": False}


def _list(items: JsonValue, *, most: int) -> Schema:
    return {"type": "array", "items": items, "minItems": 1, "maxItems": most}


def _one_of(values: Iterable[JsonValue]) -> Schema:
    return {"enum": [*values]}


def _notice() -> Schema:
    language: JsonValue = {"type": "string", "pattern": "^[a-z]{2}$"}
    return _object({"@type": {"const": "dpv:ConsentNotice"}, "dct:language": language, "rec:noticeSha256": _HASH})


def _subject() -> Schema:
    return _object(
        {
            "@id": _SUBJECT,
            "@type": {"const": "dpv:Employee"},
            "dpv:hasIdentifier": _ID,
            "dpv:hasName": _ID,
            "rec:deletionHandle": _ID,
            "rec:deviceKey": _TEXT,
            "rec:withdrawalKey": _TEXT,
        }
    )


def _event() -> Schema:
    given = [["dpv:ExplicitlyExpressedConsent", state] for state in ("dpv:ConsentGiven", "dpv:RenewedConsentGiven")]
    version: JsonValue = {"type": "string", "pattern": "^[1-9][0-9]{0,3}$"}
    return _object(
        {
            "@type": {"enum": [[*kinds] for kinds in given]},
            "dpv:hasDuration": {"type": "string", "pattern": "^P[0-9]{1,3}D(T[0-9]{1,5}S)?$"},
            "dpv:hasIndicationMethod": _one_of(EXPRESSED_TERMS.values()),
            "dpv:hasLegalBasis": {"const": "dpv:ExplicitlyExpressedConsent"},
            "dpv:isIndicatedAtTime": _INSTANT,
            "dpv:isIndicatedBy": _SUBJECT,
            "rec:comprehension": _object({"rec:passed": {"const": True}, "rec:version": version}),
            "rec:coolingOffUntil": _INSTANT,
            "rec:renews": _GRANT,
            "rec:validUntil": _INSTANT,
        },
        optional=("rec:comprehension", "rec:renews"),
    )


def _heeded() -> Schema:
    return _object({"dpv:hasJurisdiction": _PLACE, "rec:expiresOn": _DAY, "rec:reviewedOn": _DAY})


def _process() -> Schema:
    control: dict[str, JsonValue] = {
        "@type": {"const": "dpv:WithdrawConsent"},
        "dpv:isExercisedAt": {"const": "urn:overt:command:consent-withdraw"},
    }
    site: JsonValue = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,31}$"}
    return _object(
        {
            "@type": {"const": "dpv:Process"},
            "dpv:hasConsentControl": _list(_object(control), most=1),
            "dpv:hasDataController": _list(_controller(), most=1),
            "dpv:hasJurisdiction": _list(_PLACE, most=300),
            "dpv:hasPersonalData": _list({"oneOf": [_signal(*terms) for terms in SIGNAL_TERMS.values()]}, most=20),
            "dpv:hasProcessing": {"const": [*PROCESSING]},
            "dpv:hasProhibition": _list(
                {"oneOf": [_prohibition(terms) for terms in PROHIBITED_TERMS.values()]}, most=20
            ),
            "dpv:hasPurpose": {"enum": [[*terms] for terms in PURPOSE_TERMS.values()]},
            "dpv:hasRecipient": _recipients(),
            "dpv:hasRight": {"const": [*RIGHTS]},
            "dpv:hasStorageCondition": _storage(),
            "dpv:hasTechnicalMeasure": {"const": [*MEASURES]},
            "rec:allowlist": _list(site, most=100),
            "rec:allowlistHash": _HASH,
            "rec:dailyCapMinutes": {"type": "integer", "minimum": 1},
            "rec:reviewDays": {"type": "integer", "minimum": 1},
        }
    )


def _controller() -> Schema:
    kind: JsonValue = {"const": "schema:ContactPoint"}
    points: list[JsonValue] = [_object({"@type": kind, way: _TEXT}) for way in ("schema:address", "schema:email")]
    return _object(
        {
            "@type": {"const": "dpv:DataController"},
            "dpv:hasIdentifier": _TEXT,
            "dpv:hasName": _TEXT,
            "schema:contactPoint": {"oneOf": points},
        }
    )


def _signal(term: str, broader: str) -> Schema:
    return _object(
        {
            "@type": {"const": term},
            "dpv:hasDataSource": {"const": "dpv:DataSubjectDataSource"},
            "dpv:hasNecessity": {"const": "dpv:Optional"},
            "skos:broader": {"const": broader},
        }
    )


def _prohibition(terms: Iterable[str]) -> Schema:
    return _object({"@type": {"const": "dpv:Prohibition"}, "dpv:hasPurpose": {"const": [*terms]}})


def _recipients() -> Schema:
    each: list[JsonValue] = [
        _object({"@type": {"const": ["dpv:Recipient", term]}, "dpv:hasIdentifier": _TEXT, "dpv:hasName": _TEXT})
        for term in RECIPIENT_TERMS.values()
    ]
    return _exactly(each)


def _storage() -> Schema:
    days: JsonValue = {"type": "string", "pattern": "^P[0-9]{1,3}D$"}
    return _exactly(
        [
            _object({"@type": {"const": "dpv:StorageLocation"}, "dpv:hasLocation": {"const": "dpv:WithinDevice"}}),
            _object({"@type": {"const": "dpv:StorageDuration"}, "dpv:hasDuration": days}),
            _object({"@type": {"const": "dpv:StorageDeletion"}, "rec:deletionMethod": {"const": "rec:KeyDestruction"}}),
        ]
    )


def _exactly(items: list[JsonValue]) -> Schema:
    return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
