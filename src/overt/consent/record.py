"""A grant as a W3C DPV consent record in JSON-LD (ISO/IEC TS 27560): exactly one text for each grant."""

from datetime import date, timedelta
from typing import Final, cast

from overt.consent.fields import Document, first, named, number, objects, text, texts
from overt.consent.grant import Grant, Heeded, Parties, Promises, Scope, Terms, make_grant
from overt.consent.instants import instant_text, read_instant
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
from overt.errors import ConsentError, FormatError, PolicyError
from overt.policy.bundle import Recipients
from overt.policy.canonical import JsonValue, canonical_json, read_canonical
from overt.policy.document import Controller
from overt.policy.purposes import Prohibition, Purpose

MAX_RECORD_CHARACTERS: Final = 64_000


def record_text(grant: Grant) -> str:
    """Return *grant* as the text that is signed: canonical JSON-LD on one line, with a newline."""
    return canonical_json(record_of(grant)) + "\n"


def parse_record(record: str) -> Grant:
    """Return the grant that the text *record* states.

    A record is accepted only if it is, byte for byte, the text of the grant that it states: whatever is missing,
    added, doubled or written differently is refused.

    Raises:
        ConsentError: *record* is not such a record.
    """
    if len(record) > MAX_RECORD_CHARACTERS:
        raise ConsentError(f"the grant is longer than {MAX_RECORD_CHARACTERS} characters")
    try:
        grant = _grant(read_canonical(record.removesuffix("\n"), "the grant"))
    except (FormatError, PolicyError) as problem:
        raise ConsentError(str(problem)) from None
    except (KeyError, TypeError, IndexError, ValueError, AttributeError):
        raise ConsentError("the grant is not a consent record of ours") from None
    if record_text(grant) != record:
        raise ConsentError("the grant says something that no grant of ours says")
    return grant


def record_of(grant: Grant) -> dict[str, JsonValue]:
    """Return *grant* as the JSON-LD document that its record is."""
    return {
        "@context": CONTEXT,
        "@id": f"urn:overt:grant:{grant.id}",
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": CONSENT_RECORD,
        "dct:identifier": grant.id,
        "dpv:hasConsentStatus": [_event(grant)],
        "dpv:hasDataSubject": _subject(grant.parties),
        "dpv:hasIdentifier": grant.id,
        "dpv:hasNotice": [
            {
                "@type": "dpv:ConsentNotice",
                "dct:language": grant.language,
                "rec:noticeSha256": grant.terms.notice_sha256,
            }
        ],
        "dpv:hasProcess": [
            _process(grant, purpose, days)
            for purpose, days in zip(grant.scope.purposes, grant.promises.retention, strict=True)
        ],
        "rec:jurisdictionProfile": [_heeded(profile) for profile in grant.law],
        "rec:policySha256": grant.terms.policy_sha256,
        **({} if grant.previous is None else {"rec:prevHash": grant.previous}),
        "rec:recipientsSha256": grant.terms.recipients_sha256,
        "rec:trial": grant.promises.trial,
    }


def _event(grant: Grant) -> JsonValue:
    given = "dpv:ConsentGiven" if grant.renews is None else "dpv:RenewedConsentGiven"
    event: dict[str, JsonValue] = {
        "@type": ["dpv:ExplicitlyExpressedConsent", given],
        "dpv:hasDuration": _duration(grant.expires_at - grant.given_at),
        "dpv:hasIndicationMethod": EXPRESSED_TERMS[grant.expressed],
        "dpv:hasLegalBasis": "dpv:ExplicitlyExpressedConsent",
        "dpv:isIndicatedAtTime": instant_text(grant.given_at),
        "dpv:isIndicatedBy": _subject_id(grant.parties),
        "rec:coolingOffUntil": instant_text(grant.starts_at),
        "rec:validUntil": instant_text(grant.expires_at),
    }
    if grant.questions is not None:
        event["rec:comprehension"] = {"rec:passed": True, "rec:version": grant.questions}
    if grant.renews is not None:
        event["rec:renews"] = f"urn:overt:grant:{grant.renews}"
    return event


def _heeded(profile: Heeded) -> JsonValue:
    return {
        "dpv:hasJurisdiction": f"loc:{profile.code}",
        "rec:expiresOn": profile.expires_on.isoformat(),
        "rec:reviewedOn": profile.reviewed_on.isoformat(),
    }


def _duration(length: timedelta) -> str:
    """Return *length* of whole seconds as ISO 8601 has it: days, and what is left in seconds."""
    return f"P{length.days}DT{length.seconds}S" if length.seconds else f"P{length.days}D"


def _subject_id(parties: Parties) -> str:
    return f"urn:overt:subject:{parties.subject}"


def _subject(parties: Parties) -> JsonValue:
    """The only name of the person in a record is the pseudonym."""
    return {
        "@id": _subject_id(parties),
        "@type": "dpv:Employee",
        "dpv:hasIdentifier": parties.subject,
        "dpv:hasName": parties.subject,
        "rec:deletionHandle": parties.deletion_handle,
        "rec:deviceKey": parties.device,
        "rec:withdrawalKey": parties.withdrawal,
    }


def _process(grant: Grant, purpose: Purpose, days: int) -> JsonValue:
    return {
        "@type": "dpv:Process",
        "dpv:hasConsentControl": [
            {"@type": "dpv:WithdrawConsent", "dpv:isExercisedAt": "urn:overt:command:consent-withdraw"}
        ],
        "dpv:hasDataController": [_controller(grant.parties)],
        "dpv:hasJurisdiction": [f"loc:{place}" for place in grant.parties.jurisdictions],
        "dpv:hasPersonalData": [_personal_data(*SIGNAL_TERMS[signal]) for signal in grant.scope.signals],
        "dpv:hasProcessing": [*PROCESSING],
        "dpv:hasProhibition": [_prohibition(use) for use in grant.promises.prohibited],
        "dpv:hasPurpose": [*PURPOSE_TERMS[purpose]],
        "dpv:hasRecipient": _recipients(grant.parties.recipients),
        "dpv:hasRight": [*RIGHTS],
        "dpv:hasStorageCondition": _storage(days),
        "dpv:hasTechnicalMeasure": [*MEASURES],
        "rec:allowlist": [*grant.scope.sites],
        "rec:allowlistHash": grant.promises.hosts_sha256,
        "rec:dailyCapMinutes": grant.promises.daily_cap_minutes,
        "rec:reviewDays": grant.promises.review_days,
    }


def _controller(parties: Parties) -> JsonValue:
    contact = parties.controller.contact
    kind = "schema:email" if "@" in contact else "schema:address"
    return {
        "@type": "dpv:DataController",
        "dpv:hasIdentifier": parties.controller_key,
        "dpv:hasName": parties.controller.name,
        "schema:contactPoint": {"@type": "schema:ContactPoint", kind: contact},
    }


def _personal_data(term: str, broader: str) -> JsonValue:
    return {
        "@type": term,
        "dpv:hasDataSource": "dpv:DataSubjectDataSource",
        "dpv:hasNecessity": "dpv:Optional",
        "skos:broader": broader,
    }


def _prohibition(use: Prohibition) -> JsonValue:
    return {"@type": "dpv:Prohibition", "dpv:hasPurpose": [*PROHIBITED_TERMS[use]]}


def _recipients(recipients: Recipients) -> JsonValue:
    keys: dict[str, str] = recipients.model_dump()
    return [
        {"@type": ["dpv:Recipient", term], "dpv:hasIdentifier": keys[role], "dpv:hasName": keys[role].partition("+")[0]}
        for role, term in RECIPIENT_TERMS.items()
    ]


def _storage(days: int) -> JsonValue:
    return [
        {"@type": "dpv:StorageLocation", "dpv:hasLocation": "dpv:WithinDevice"},
        {"@type": "dpv:StorageDuration", "dpv:hasDuration": f"P{days}D"},
        {"@type": "dpv:StorageDeletion", "rec:deletionMethod": "rec:KeyDestruction"},
    ]


def _grant(record: Document) -> Grant:
    """Pick the facts out of *record*; whatever is overlooked here fails the comparison that follows."""
    event, process, notice = (first(record, key) for key in ("dpv:hasConsentStatus", "dpv:hasProcess", "dpv:hasNotice"))
    return make_grant(
        id=text(record, "dct:identifier"),
        language=text(notice, "dct:language"),
        given_at=read_instant(text(event, "dpv:isIndicatedAtTime")),
        starts_at=read_instant(text(event, "rec:coolingOffUntil")),
        expires_at=read_instant(text(event, "rec:validUntil")),
        expressed=named(EXPRESSED_TERMS, text(event, "dpv:hasIndicationMethod")),
        questions=text(first(event, "rec:comprehension"), "rec:version") if "rec:comprehension" in event else None,
        previous=text(record, "rec:prevHash") if "rec:prevHash" in record else None,
        renews=text(event, "rec:renews").removeprefix("urn:overt:grant:") if "rec:renews" in event else None,
        scope=_scope(record, process),
        terms=Terms(
            notice_sha256=text(notice, "rec:noticeSha256"),
            policy_sha256=text(record, "rec:policySha256"),
            recipients_sha256=text(record, "rec:recipientsSha256"),
        ),
        parties=_parties(record, process),
        promises=_promises(record, process),
        law=tuple(_law(profile) for profile in objects(record, "rec:jurisdictionProfile")),
    )


def _law(profile: Document) -> Heeded:
    return Heeded(
        code=text(profile, "dpv:hasJurisdiction").removeprefix("loc:"),
        reviewed_on=date.fromisoformat(text(profile, "rec:reviewedOn")),
        expires_on=date.fromisoformat(text(profile, "rec:expiresOn")),
    )


def _scope(record: Document, process: Document) -> Scope:
    signals = {term: signal for signal, (term, _) in SIGNAL_TERMS.items()}
    purposes = [tuple(texts(each, "dpv:hasPurpose")) for each in objects(record, "dpv:hasProcess")]
    return Scope(
        sites=tuple(texts(process, "rec:allowlist")),
        signals=tuple(signals[text(each, "@type")] for each in objects(process, "dpv:hasPersonalData")),
        purposes=tuple(named(PURPOSE_TERMS, terms) for terms in purposes),
    )


def _parties(record: Document, process: Document) -> Parties:
    subject, controller = first(record, "dpv:hasDataSubject"), first(process, "dpv:hasDataController")
    contact = first(controller, "schema:contactPoint")
    keys = [text(each, "dpv:hasIdentifier") for each in objects(process, "dpv:hasRecipient")]
    return Parties(
        controller=Controller(
            name=text(controller, "dpv:hasName"),
            contact=text(contact, "schema:email" if "schema:email" in contact else "schema:address"),
        ),
        controller_key=text(controller, "dpv:hasIdentifier"),
        recipients=Recipients(**dict(zip(RECIPIENT_TERMS, keys, strict=True))),
        jurisdictions=tuple(place.removeprefix("loc:") for place in texts(process, "dpv:hasJurisdiction")),
        subject=text(subject, "dpv:hasIdentifier"),
        deletion_handle=text(subject, "rec:deletionHandle"),
        device=text(subject, "rec:deviceKey"),
        withdrawal=text(subject, "rec:withdrawalKey"),
    )


def _promises(record: Document, process: Document) -> Promises:
    uses = [tuple(texts(rule, "dpv:hasPurpose")) for rule in objects(process, "dpv:hasProhibition")]
    return Promises(
        prohibited=tuple(named(PROHIBITED_TERMS, terms) for terms in uses),
        hosts_sha256=text(process, "rec:allowlistHash"),
        retention=tuple(_retention(each) for each in objects(record, "dpv:hasProcess")),
        daily_cap_minutes=number(process, "rec:dailyCapMinutes"),
        review_days=number(process, "rec:reviewDays"),
        trial=cast("bool", record["rec:trial"]),
    )


def _retention(process: Document) -> int:
    return int(text(objects(process, "dpv:hasStorageCondition")[1], "dpv:hasDuration")[1:-1])
