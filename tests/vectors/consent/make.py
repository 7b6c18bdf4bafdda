"""Make the reference grant again (only for a new format version: old files must stay readable for ever).

Run: python tests/vectors/consent/make.py
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from overt.consent.countersignature import Countersignature
from overt.consent.grant import Grant, Heeded, Parties, Promises, Scope, Terms, make_grant
from overt.consent.receipt import Receipt, receipt_text
from overt.consent.record import record_text
from overt.consent.revocation import Revocation
from overt.consent.withdrawal import Withdrawal
from overt.format.note import NoteSigner
from overt.keys.countersign import sign_countersignature, sign_revocation
from overt.keys.sign import sign_grant, sign_withdrawal
from overt.policy.bundle import Recipients
from overt.policy.document import Controller, text_sha256
from overt.policy.purposes import ALWAYS_PROHIBITED, Purpose
from overt.policy.signals import Signal

PLACE = Path(__file__).parent / "v1"
GIVEN = datetime(2026, 2, 28, 12, tzinfo=UTC)
NOTICE = "EIN HINWEIS für eine Prüfung: one sentence is enough for a reference.\n"


def signer(name: str) -> NoteSigner:
    """Return the key of *name*, which is no secret: its seed is its name."""
    return NoteSigner.from_seed(name, name.encode().ljust(32, b"."))


def grant() -> Grant:
    recipients = Recipients(**{name: signer(name).vkey for name in ("auditor", "exporter", "vault")})
    return make_grant(
        id="0f4e2d1c3b5a49788f6e5d4c3b2a1908",
        language="en",
        given_at=GIVEN,
        starts_at=GIVEN + timedelta(hours=24),
        expires_at=GIVEN + timedelta(days=181),
        expressed="switches",
        questions="1",
        previous="e" * 64,
        renews="f" * 32,
        scope=Scope(
            sites=("google", "wikipedia"),
            signals=tuple(sorted(Signal)),
            purposes=(Purpose.MODEL_EVALUATION, Purpose.MODEL_TRAINING),
        ),
        terms=Terms(notice_sha256=text_sha256(NOTICE), policy_sha256="b" * 64, recipients_sha256=recipients.sha256()),
        parties=Parties(
            controller=Controller(name="Müller & Söhne", contact="privacy@example.com"),
            controller_key=signer("exporter").vkey,
            recipients=recipients,
            jurisdictions=("EU", "DE", "US-NY"),
            subject="1" * 32,
            deletion_handle="2" * 32,
            device=signer("device").vkey,
            withdrawal=signer("withdrawal").vkey,
        ),
        promises=Promises(
            prohibited=ALWAYS_PROHIBITED,
            hosts_sha256="d" * 64,
            retention=(30, 180),
            review_days=14,
            daily_cap_minutes=120,
            trial=False,
        ),
        law=tuple(
            Heeded(code=code, reviewed_on=date(2026, 1, 2), expires_on=date(2027, 1, 2))
            for code in ("DE", "EU", "US", "US-NY")
        ),
    )


def texts() -> dict[str, str]:
    """Return each file of the reference by its name."""
    given = grant()
    word = Countersignature(at=GIVEN, grant=given.id, record=text_sha256(record_text(given)))
    countersigned = sign_countersignature(word, signer("exporter"))
    receipt = Receipt(
        created=GIVEN, signed_record=sign_grant(given, signer("device")), notice=NOTICE, countersignature=countersigned
    )
    return {
        "grant.note": receipt.signed_record,
        "countersignature.note": countersigned,
        "withdrawal.note": sign_withdrawal(Withdrawal(at=GIVEN, grant=given.id), signer("withdrawal")),
        "revocation.note": sign_revocation(Revocation(at=GIVEN, grant=given.id), signer("exporter")),
        "receipt.json": receipt_text(receipt),
    }


if __name__ == "__main__":
    PLACE.mkdir(exist_ok=True)
    for name, text in texts().items():
        (PLACE / name).write_text(text, encoding="utf-8")
