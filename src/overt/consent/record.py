"""A grant as a W3C DPV consent record in JSON-LD (ISO/IEC TS 27560): exactly one text for each grant."""

from typing import Final, TypeVar

from overt.consent.grant import Grant, Parties, Promises, Scope, Terms, make_grant
from overt.consent.instants import instant_text, read_instant
from overt.errors import ConsentError, FormatError, PolicyError
from overt.policy.canonical import JsonValue, canonical_json, read_canonical
from overt.policy.document import Controller
from overt.policy.purposes import Prohibition, Purpose
from overt.policy.signals import Signal

MAX_RECORD_CHARACTERS: Final = 64_000

_Term = TypeVar("_Term")

_CONTEXT: Final[JsonValue] = {
    "ai": "https://w3id.org/dpv/ai#",
    "dct": "http://purl.org/dc/terms/",
    "dpv": "https://w3id.org/dpv#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "rec": "urn:overt:consent:",
    "schema": "https://schema.org/",
}
"""Inline, so that no reader ever fetches one."""

_PURPOSE_TERM: Final = {
    Purpose.MODEL_TRAINING: "ai:ModelTraining",
    Purpose.MODEL_EVALUATION: "rec:ModelEvaluation",
    Purpose.RESEARCH: "dpv:ResearchAndDevelopment",
}
_PROHIBITED_TERM: Final = {
    Prohibition.PERFORMANCE_MONITORING: "dpv:PersonnelPerformanceMonitoring",
    Prohibition.INDIVIDUAL_SCORING: "rec:IndividualScoring",
    Prohibition.EMOTION_INFERENCE: "rec:EmotionInference",
    Prohibition.BIOMETRIC_IDENTIFICATION: "rec:BiometricIdentification",
}
_SIGNAL_TERM: Final = {signal: f"rec:{signal.value.capitalize()}" for signal in Signal}
_MEASURES: Final[JsonValue] = ["dpv:DataRedaction", "dpv:EncryptionAtRest", "dpv:Pseudonymisation"]
_RIGHTS: Final[JsonValue] = [f"eu-gdpr:A{article}" for article in ("7-3", "15", "16", "17", "18", "20", "77")]
_RECIPIENTS: Final[JsonValue] = ["rec:PrivacyOfficer", "rec:Exporter", "rec:Vault"]


def record_text(grant: Grant) -> str:
    """Return *grant* as the text that is signed: canonical JSON-LD on one line, with a newline."""
    return canonical_json(_record(grant)) + "\n"


def parse_record(text: str) -> Grant:
    """Return the grant that the record *text* states.

    A record is accepted only if it is, byte for byte, the text of the grant that it states: whatever is missing,
    added, doubled or written differently is refused.

    Raises:
        ConsentError: *text* is not such a record.
    """
    if len(text) > MAX_RECORD_CHARACTERS:
        raise ConsentError(f"the grant is longer than {MAX_RECORD_CHARACTERS} characters")
    try:
        grant = _grant(read_canonical(text.removesuffix("\n"), "the grant"))
    except (FormatError, PolicyError) as problem:
        raise ConsentError(str(problem)) from None
    except (KeyError, TypeError, IndexError, ValueError, AttributeError):
        raise ConsentError("the grant is not a consent record of ours") from None
    if record_text(grant) != text:
        raise ConsentError("the grant says something that no grant of ours says")
    return grant


def _record(grant: Grant) -> dict[str, JsonValue]:
    return {
        "@context": _CONTEXT,
        "@id": f"urn:overt:grant:{grant.id}",
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": "https://w3id.org/dpv/schema/dpv-27560#record",
        "dct:identifier": grant.id,
        "dpv:hasDataSubject": {
            "@type": "dpv:Employee",
            "dpv:hasIdentifier": grant.parties.subject,
            "rec:deletionHandle": grant.parties.deletion_handle,
            "rec:deviceKey": grant.parties.device,
            "rec:withdrawalKey": grant.parties.withdrawal,
        },
        "dpv:hasIdentifier": grant.id,
        "dpv:hasNotice": [
            {
                "@type": "dpv:ConsentNotice",
                "dct:language": grant.language,
                "rec:noticeSha256": grant.terms.notice_sha256,
            }
        ],
        "dpv:hasProcess": [_process(grant, purpose) for purpose in grant.scope.purposes],
        "rec:event": _event(grant),
        "rec:trial": grant.promises.trial,
    }


def _process(grant: Grant, purpose: Purpose) -> JsonValue:
    jurisdictions: list[JsonValue] = list(grant.parties.jurisdictions)
    return {
        "@type": "dpv:Process",
        "dpv:hasConsentControl": [
            {"@type": "dpv:WithdrawConsent", "dpv:isExercisedAt": "urn:overt:command:consent-withdraw"}
        ],
        "dpv:hasDataController": [
            {
                "@type": "dpv:DataController",
                "dpv:hasName": grant.parties.controller.name,
                "schema:contactPoint": grant.parties.controller.contact,
            }
        ],
        "dpv:hasJurisdiction": jurisdictions,
        "dpv:hasOrganisationalMeasure": _MEASURES,
        "dpv:hasPersonalData": [_SIGNAL_TERM[signal] for signal in grant.scope.signals],
        "dpv:hasPurpose": [_PURPOSE_TERM[purpose]],
        "dpv:hasRecipient": _RECIPIENTS,
        "dpv:hasRight": _RIGHTS,
        "dpv:hasRule": [_prohibition(use) for use in grant.promises.prohibited],
        "dpv:hasStorageCondition": _storage(grant),
        "rec:dailyCapMinutes": grant.promises.daily_cap_minutes,
        "rec:policySha256": grant.terms.policy_sha256,
        "rec:recipientsSha256": grant.terms.recipients_sha256,
        "rec:sites": list(grant.scope.sites),
    }


def _prohibition(use: Prohibition) -> JsonValue:
    return {"@type": "dpv:Prohibition", "dpv:hasPurpose": _PROHIBITED_TERM[use]}


def _storage(grant: Grant) -> JsonValue:
    return [
        {"@type": "dpv:StorageLocation", "dpv:hasLocation": "dpv:WithinDevice"},
        {"@type": "dpv:StorageDuration", "dpv:hasDuration": f"P{grant.promises.retention_days}D"},
        {"@type": "dpv:StorageDeletion", "rec:method": "rec:KeyDestruction"},
    ]


def _event(grant: Grant) -> JsonValue:
    return {
        "dpv:hasConsentStatus": "dpv:ConsentGiven",
        "dpv:hasIndicationMethod": f"rec:{grant.expressed}",
        "dpv:hasLegalBasis": "dpv:ExplicitlyExpressedConsent",
        "dpv:isIndicatedAtTime": instant_text(grant.given_at),
        "dpv:isIndicatedBy": grant.parties.subject,
        "rec:validFrom": instant_text(grant.starts_at),
        "rec:validUntil": instant_text(grant.expires_at),
    }


def _grant(record: dict[str, JsonValue]) -> Grant:
    """Pick the facts out of *record*; whatever is overlooked here fails the comparison that follows."""
    event, process = _object(record, "rec:event"), _first(record, "dpv:hasProcess")
    return make_grant(
        id=_text(record, "dct:identifier"),
        language=_text(_first(record, "dpv:hasNotice"), "dct:language"),
        given_at=read_instant(_text(event, "dpv:isIndicatedAtTime")),
        starts_at=read_instant(_text(event, "rec:validFrom")),
        expires_at=read_instant(_text(event, "rec:validUntil")),
        expressed=_text(event, "dpv:hasIndicationMethod").removeprefix("rec:"),
        scope=_scope(record, process),
        terms=Terms(
            notice_sha256=_text(_first(record, "dpv:hasNotice"), "rec:noticeSha256"),
            policy_sha256=_text(process, "rec:policySha256"),
            recipients_sha256=_text(process, "rec:recipientsSha256"),
        ),
        parties=_parties(record, process),
        promises=_promises(record, process),
    )


def _scope(record: dict[str, JsonValue], process: dict[str, JsonValue]) -> Scope:
    purposes = [_texts(each, "dpv:hasPurpose")[0] for each in _objects(record, "dpv:hasProcess")]
    return Scope(
        sites=tuple(_texts(process, "rec:sites")),
        signals=tuple(_named(_SIGNAL_TERM, term) for term in _texts(process, "dpv:hasPersonalData")),
        purposes=tuple(_named(_PURPOSE_TERM, term) for term in purposes),
    )


def _parties(record: dict[str, JsonValue], process: dict[str, JsonValue]) -> Parties:
    subject, controller = _object(record, "dpv:hasDataSubject"), _first(process, "dpv:hasDataController")
    return Parties(
        controller=Controller(name=_text(controller, "dpv:hasName"), contact=_text(controller, "schema:contactPoint")),
        jurisdictions=tuple(_texts(process, "dpv:hasJurisdiction")),
        subject=_text(subject, "dpv:hasIdentifier"),
        deletion_handle=_text(subject, "rec:deletionHandle"),
        device=_text(subject, "rec:deviceKey"),
        withdrawal=_text(subject, "rec:withdrawalKey"),
    )


def _promises(record: dict[str, JsonValue], process: dict[str, JsonValue]) -> Promises:
    rules = [_text(rule, "dpv:hasPurpose") for rule in _objects(process, "dpv:hasRule")]
    duration = _text(_objects(process, "dpv:hasStorageCondition")[1], "dpv:hasDuration")
    return Promises(
        prohibited=tuple(_named(_PROHIBITED_TERM, term) for term in rules),
        retention_days=int(duration[1:-1]),
        daily_cap_minutes=_number(process, "rec:dailyCapMinutes"),
        trial=record["rec:trial"] is True,
    )


def _named(terms: dict[_Term, str], wanted: str) -> _Term:
    return {term: name for name, term in terms.items()}[wanted]


def _object(document: dict[str, JsonValue], key: str) -> dict[str, JsonValue]:
    value = document[key]
    if not isinstance(value, dict):
        raise TypeError(key)
    return value


def _objects(document: dict[str, JsonValue], key: str) -> list[dict[str, JsonValue]]:
    values = document[key]
    if not isinstance(values, list):
        raise TypeError(key)
    return [value for value in values if isinstance(value, dict)]


def _first(document: dict[str, JsonValue], key: str) -> dict[str, JsonValue]:
    return _objects(document, key)[0]


def _text(document: dict[str, JsonValue], key: str) -> str:
    value = document[key]
    if not isinstance(value, str):
        raise TypeError(key)
    return value


def _texts(document: dict[str, JsonValue], key: str) -> list[str]:
    values = document[key]
    if not isinstance(values, list):
        raise TypeError(key)
    return [value for value in values if isinstance(value, str)]


def _number(document: dict[str, JsonValue], key: str) -> int:
    value = document[key]
    if not isinstance(value, int):
        raise TypeError(key)
    return value
