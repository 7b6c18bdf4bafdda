"""The words of a consent record: terms of the W3C's Data Privacy Vocabulary 2.3, our own, and a linter for both."""

import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import Final

from overt.policy.canonical import JsonValue
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.purposes import Prohibition, Purpose
from overt.policy.signals import Signal

CONSENT_RECORD: Final = "https://w3id.org/dpv/schema/dpv-27560#record"
CONSENT_RECEIPT: Final = "https://w3id.org/dpv/schema/dpv-27560#receipt"

NAMESPACES: Final = MappingProxyType(
    {
        "ai": "https://w3id.org/dpv/ai#",
        "dct": "http://purl.org/dc/terms/",
        "dpv": "https://w3id.org/dpv#",
        "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
        "loc": "https://w3id.org/dpv/loc#",
        "pd": "https://w3id.org/dpv/pd#",
        "rec": "urn:overt:consent:",
        "schema": "https://schema.org/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)

_REFERENCES: Final = (
    "dct:conformsTo",
    "dpv:hasDataSource",
    "dpv:hasIndicationMethod",
    "dpv:hasJurisdiction",
    "dpv:hasLegalBasis",
    "dpv:hasLocation",
    "dpv:hasNecessity",
    "dpv:hasProcessing",
    "dpv:hasPurpose",
    "dpv:hasRight",
    "dpv:hasTechnicalMeasure",
    "dpv:isExercisedAt",
    "dpv:isIndicatedBy",
    "rec:deletionMethod",
    "rec:renews",
    "skos:broader",
)
_DATES: Final = ("rec:expiresOn", "rec:reviewedOn")
_INSTANTS: Final = ("dct:created", "dpv:isIndicatedAtTime", "rec:coolingOffUntil", "rec:validUntil")


def _context() -> dict[str, JsonValue]:
    references: dict[str, JsonValue] = {name: {"@type": "@id"} for name in _REFERENCES}
    instants: dict[str, JsonValue] = {name: {"@type": "xsd:dateTime"} for name in _INSTANTS}
    dates: dict[str, JsonValue] = {name: {"@type": "xsd:date"} for name in _DATES}
    return {**NAMESPACES, **references, **instants, **dates, "dpv:hasDuration": {"@type": "xsd:duration"}}


CONTEXT: Final[JsonValue] = _context()
"""The JSON-LD context of every record and receipt: inline, so that no reader ever fetches one."""

PURPOSE_TERMS: Final = MappingProxyType(
    {
        Purpose.MODEL_TRAINING: ("ai:ModelTraining", "dpv:ResearchAndDevelopment"),
        Purpose.MODEL_EVALUATION: ("dpv:ResearchAndDevelopment", "rec:ModelEvaluation"),
        Purpose.RESEARCH: ("dpv:ResearchAndDevelopment",),
    }
)
PROHIBITED_TERMS: Final = MappingProxyType(
    {
        Prohibition.PERFORMANCE_MONITORING: (
            "dpv:PersonnelBehaviourMonitoring",
            "dpv:PersonnelMonitoring",
            "dpv:PersonnelPerformanceMonitoring",
        ),
        Prohibition.INDIVIDUAL_SCORING: ("rec:IndividualScoring",),
        Prohibition.EMOTION_INFERENCE: ("rec:EmotionInference",),
        Prohibition.BIOMETRIC_IDENTIFICATION: ("rec:BiometricIdentification",),
    }
)
SIGNAL_TERMS: Final = MappingProxyType(
    {
        Signal.TEXT: ("rec:Text", "pd:Behavioural"),
        Signal.CLASSES: ("rec:Classes", "pd:Behavioural"),
        Signal.CLICKS: ("rec:Clicks", "pd:BrowsingBehaviour"),
        Signal.SCROLLS: ("rec:Scrolls", "pd:BrowsingBehaviour"),
        Signal.MOVES: ("rec:Moves", "pd:Behavioural"),
        Signal.SCREENSHOTS: ("rec:Screenshots", "pd:BrowsingBehaviour"),
    }
)
"""What we call each signal, and the broader term of DPV, which has none for keys, clicks or pointers."""

EXPRESSED_TERMS: Final = MappingProxyType({"switches": "rec:Switches", "command_line": "rec:CommandLine"})
PROCESSING: Final = ("dpv:Collect", "dpv:Erase", "dpv:Store")
MEASURES: Final = ("dpv:DataRedaction", "dpv:EncryptionAtRest", "dpv:Pseudonymisation")
RIGHTS: Final = tuple(f"eu-gdpr:A{article}" for article in ("7-3", "15", "16", "17", "18", "20", "77"))
RECIPIENT_TERMS: Final = MappingProxyType(
    {"auditor": "rec:PrivacyOfficer", "exporter": "rec:Exporter", "vault": "rec:Vault"}
)

_STATES: Final = """
    ConsentUnknown ConsentRequested ConsentRequestDeferred ConsentRefused ConsentGiven RenewedConsentGiven
    ConsentWithdrawn ConsentExpired ConsentRevoked ConsentInvalidated
"""
_DPV: Final = f"""
    Collect ConsentNotice ConsentReceipt ConsentRecord DataController DataRedaction DataSubjectDataSource Employee
    EncryptionAtRest Erase ExplicitlyExpressedConsent Optional PersonnelBehaviourMonitoring PersonnelMonitoring
    PersonnelPerformanceMonitoring Process Prohibition Pseudonymisation Recipient ResearchAndDevelopment
    StorageDeletion StorageDuration StorageLocation Store WithdrawConsent WithinDevice
    hasConsentControl hasConsentStatus hasDataController hasDataSource hasDataSubject hasDuration hasIdentifier
    hasIndicationMethod hasJurisdiction hasLegalBasis hasLocation hasName hasNecessity hasNotice hasPersonalData
    hasProcess hasProcessing hasProhibition hasPurpose hasRecipient hasRecordOfActivity hasRight
    hasStorageCondition hasTechnicalMeasure isExercisedAt isIndicatedAtTime isIndicatedBy {_STATES}
"""
_OURS: Final = """
    BiometricIdentification Classes Clicks CommandLine EmotionInference Exporter IndividualScoring KeyDestruction
    ModelEvaluation Moves PrivacyOfficer Screenshots Scrolls Switches Text Vault
    allowlist allowlistHash comprehension coolingOffUntil countersignature dailyCapMinutes deletionHandle
    deletionMethod deviceKey expiresOn jurisdictionProfile notice noticeSha256 passed policySha256 prevHash
    recipientsSha256 renews reviewDays reviewedOn signedRecord trial validUntil verifierKey version withdrawalKey
"""
_KNOWN: Final = MappingProxyType(
    {
        "ai": frozenset({"ModelTraining"}),
        "dct": frozenset({"conformsTo", "created", "identifier", "language"}),
        "dpv": frozenset(_DPV.split()),
        "eu-gdpr": frozenset(term.partition(":")[2] for term in RIGHTS),
        "pd": frozenset({"Behavioural", "BrowsingBehaviour"}),
        "rec": frozenset(_OURS.split()),
        "schema": frozenset({"ContactPoint", "address", "contactPoint", "email"}),
        "skos": frozenset({"broader"}),
    }
)
"""Every term that a record or receipt may use. The list is closed: DPV has thousands, and a record needs these.

Places are those that have a profile: no grant can name another one.
"""

_TERM: Final = re.compile(r"([a-z][a-z-]*):([A-Za-z0-9-]+)", re.ASCII)
_KEYWORDS: Final = frozenset({"@id", "@type"})
_DPV_ADDRESS: Final = "https://w3id.org/dpv"
"""Written out in full, a term is a stranger too: a record of ours writes them short."""
_FREE_TEXT: Final = frozenset(
    {"dpv:hasName", "rec:countersignature", "rec:notice", "rec:signedRecord", "schema:address", "schema:email"}
)


def vendored() -> tuple[str, ...]:
    """Return the address of every term of others that a record or receipt may use, sorted."""
    words = {name: names for name, names in _KNOWN.items() if name != "rec"} | {"loc": frozenset(PROFILES)}
    return tuple(sorted(f"{NAMESPACES[name]}{term}" for name, names in words.items() for term in names))


def unknown_terms(document: JsonValue) -> tuple[str, ...]:
    """Return the words of *document*, a record or receipt as JSON-LD, that its vocabularies do not have.

    Sorted, each once. Looked at are all keys, and all values that are written as terms or as addresses of DPV, but for
    the free text of names, contacts and notices. The context is not looked at.
    """
    return tuple(sorted(set(_strangers(document))))


def _strangers(value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _strangers_under(key, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strangers(inner)
    elif isinstance(value, str) and not _is_plain(value) and not _is_listed(value):
        yield value


def _strangers_under(key: str, inner: JsonValue) -> Iterator[str]:
    if key == "@context":
        return
    if key not in _KEYWORDS and not _is_listed(key):
        yield key
    if key not in _FREE_TEXT:
        yield from _strangers(inner)


def _is_plain(word: str) -> bool:
    """Say whether *word* is a value of its own, such as an instant or a key, and no term."""
    if word in {CONSENT_RECORD, CONSENT_RECEIPT}:
        return True
    found = _TERM.fullmatch(word)
    return not word.startswith(_DPV_ADDRESS) and (found is None or found[1] not in NAMESPACES)


def _is_listed(word: str) -> bool:
    found = _TERM.fullmatch(word)
    if found is None:
        return False
    if found[1] == "loc":
        return found[2] in PROFILES
    return found[2] in _KNOWN.get(found[1], frozenset())
