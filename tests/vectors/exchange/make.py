"""Write the test vectors of the exchange: one file for each defect, and what a reader says to it.

Run it from the root: ``python tests/vectors/exchange/make.py``. Signing keys come from fixed seeds; what is
sealed, and nonces, are fresh each time.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from overt.consent.withdrawal import Withdrawal
from overt.format.age_write import Identity, encrypt, new_identity
from overt.format.container import render_member
from overt.format.note import NoteSigner
from overt.keys.exchange.answer import Granted, proof_name, release_entry, write_answer
from overt.keys.exchange.envelope import Envelope, hashes_of, read_envelope, render_envelope
from overt.keys.exchange.order import write_erasure
from overt.keys.exchange.request import Asker, OwnUse, Reader, ShareRequest, Wish, open_request, write_request
from overt.keys.exchange.shipment import Intake, Kept, Receipt, write_shipment
from overt.keys.exchange.slip import OneEpisode, Slip, note_sha256, second, sign_slip, slip_text
from overt.keys.sign import sign_withdrawal
from overt.keys.statement import Statement, sign_statement
from overt.ledger.log import Ledger
from overt.ledger.receipt import make_receipt
from overt.policy.canonical import canonical_json

HERE = Path(__file__).parent
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
GRANT, OTHER_GRANT = "00112233445566778899aabbccddeeff", "ffeeddccbbaa99887766554433221100"
ONE, TWO = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
SECTIONS = ("c", "m")


def signer(name: str) -> NoteSigner:
    """Return the key *name*, the same in every run."""
    return NoteSigner.from_seed(f"{name}-0a1b2c3d4e5f6071", hashlib.sha256(name.encode()).digest())


DEVICE, ADMIN, WITNESS = signer("device"), signer("admin"), signer("witness")
VAULT, OTHER, WITHDRAWAL = signer("vault"), signer("other"), signer("withdrawal")


class Vectors:
    """What is written, and what a reader says to each file."""

    def __init__(self) -> None:
        """Begin with no file."""
        self.expected: dict[str, dict[str, str]] = {}

    def add(self, name: str, data: bytes | str, verdict: str = "accepted", says: str = "") -> None:
        """Write the file *name*; its reader ends in *verdict* (an error's name) and *says* so."""
        (HERE / name).write_bytes(data.encode() if isinstance(data, str) else data)
        self.expected[name] = {"says": says, "verdict": verdict}


def signed_by(slip: Slip, key: NoteSigner) -> str:
    """Return *slip* signed by another *key* than its format wants."""
    return key.sign(slip_text(slip))


def repacked(envelope: Envelope, key: NoteSigner, kind: type[Slip], **changes: object) -> bytes:
    """Return *envelope* with *changes* to its manifest, signed by *key*."""
    slip = kind.model_validate_json(envelope.manifest.partition("\n\n")[0])
    return render_envelope(sign_slip(slip.model_copy(update=changes), key), envelope.files)


def shipments(vectors: Vectors) -> None:
    """Shipments, as a vault reads them."""
    from overt.keys.exchange.shipment import ShipmentManifest as Kind  # noqa: PLC0415

    grants = {GRANT: DEVICE.sign("the grant\n")}
    shares = {
        (GRANT, each): {section: f"sealed {each}{section}".encode() for section in SECTIONS} for each in (ONE, TWO)
    }
    good = write_shipment(DEVICE, VAULT.vkey, grants, shares, NOON)
    envelope = read_envelope(good, "it")
    manifest = Kind.model_validate_json(envelope.manifest.partition("\n\n")[0])
    changed, damaged = "VerificationError", "FormatError"
    vectors.add("good.shipment", good)
    vectors.add("empty.shipment", write_shipment(DEVICE, VAULT.vkey, grants, {}, NOON))
    vectors.add("other-signer.shipment", render_envelope(signed_by(manifest, OTHER), envelope.files), changed, "signed")
    vectors.add("two-signers.shipment", _twice(envelope), changed, "signed")
    vectors.add("other-vault.shipment", repacked(envelope, DEVICE, Kind, vault=OTHER.vkey), "KeyAccessError", "vault")
    vectors.add("byte-changed.shipment", good.replace(b"sealed", b"Sealed", 1), changed, "a file in")
    less = {name: data for name, data in envelope.files.items() if not name.startswith(TWO)}
    vectors.add("member-missing.shipment", render_envelope(envelope.manifest, less), changed, "a file in")
    more = envelope.files | {"zzz.age": b"more"}
    vectors.add("member-added.shipment", render_envelope(envelope.manifest, more), changed, "a file in")
    vectors.add("member-out-of-order.shipment", _disordered(envelope), damaged, "damaged")
    vectors.add("member-twice.shipment", good + render_member(f"{TWO}.m.age", b"again"), damaged, "damaged")
    vectors.add("cut.shipment", good[:-1], damaged, "damaged")
    vectors.add("key-unknown.shipment", _relabelled(envelope, '{"at":', '{"about":"me","at":'), damaged, "malformed")
    vectors.add("key-missing.shipment", _relabelled(envelope, f',"vault":"{VAULT.vkey}"', ""), damaged, "malformed")
    vectors.add("not-canonical.shipment", _relabelled(envelope, '{"at":', '{ "at":'), damaged, "malformed")
    episodes = tuple(reversed(manifest.episodes))
    vectors.add("not-sorted.shipment", repacked(envelope, DEVICE, Kind, episodes=episodes), damaged, "malformed")


def _twice(envelope: Envelope) -> bytes:
    text = envelope.manifest.partition("\n\n")[0] + "\n"
    second_line = OTHER.sign(text).rpartition("\n\n")[2]
    return render_envelope(envelope.manifest + second_line, envelope.files)


def _disordered(envelope: Envelope) -> bytes:
    members = [("manifest.note", envelope.manifest.encode()), *sorted(envelope.files.items(), reverse=True)]
    return b"".join(render_member(name, data) for name, data in members)


def _relabelled(envelope: Envelope, old: str, new: str) -> bytes:
    text = envelope.manifest.partition("\n\n")[0] + "\n"
    assert old in text
    return render_envelope(DEVICE.sign(text.replace(old, new, 1)), envelope.files)


def receipts(vectors: Vectors, intake: Identity) -> None:
    """Receipts, as an employee's home reads them."""
    where = Intake(at=second(NOON), grant=GRANT, recipient=intake.recipient)
    receipt = Receipt(
        at=second(NOON),
        intakes={GRANT: sign_slip(where, VAULT)},
        kept=(Kept(grant=GRANT, id=ONE, sha256="ab" * 32),),
        refused=(),
        shipment="cd" * 32,
    )
    good = sign_slip(receipt, VAULT)
    foreign = receipt.model_copy(update={"intakes": {GRANT: sign_slip(where, OTHER)}})
    swapped = receipt.model_copy(update={"intakes": {OTHER_GRANT: sign_slip(where, VAULT)}})
    changed = "VerificationError"
    vectors.add("good.receipt", good)
    vectors.add("other-signer.receipt", sign_slip(receipt, OTHER), changed, "signed by another")
    vectors.add("byte-changed.receipt", good.replace("abab", "abaa", 1), changed, "changed")
    vectors.add("intake-of-another-vault.receipt", sign_slip(foreign, VAULT), changed, "intake")
    vectors.add("intake-of-another-grant.receipt", sign_slip(swapped, VAULT), changed, "another grant")
    vectors.add("another-kind.receipt", sign_slip(where, VAULT), "FormatError", "malformed")


def requests(vectors: Vectors, auditor: Identity) -> str:
    """Requests by the auditor, as a vault reads them at noon on 31 January; returns the good one."""
    statement = sign_statement(Statement(epoch=1, recipient=auditor.recipient, role="auditor"), WITNESS)
    asker = Asker(signer=WITNESS, statement=statement, vault=VAULT.vkey)
    wish = Wish(role=Reader.AUDITOR, purpose=OwnUse.AUDIT, reason="sample of the first quarter")
    good = write_request(wish, asker, [(GRANT, ONE)], NOON)
    request = open_request(good, WITNESS.vkey, VAULT.vkey, NOON)

    def changed(**changes: object) -> str:
        return sign_slip(request.model_copy(update=changes), WITNESS)

    no, late = "KeyAccessError", timedelta(days=1, seconds=1)
    vectors.add("good.request", good)
    vectors.add("other-signer.request", sign_slip(request, ADMIN), no, "not signed by the auditor")
    vectors.add("byte-changed.request", good.replace("first", "third"), no, "changed")
    vectors.add("other-vault.request", changed(vault=OTHER.vkey), no, "another vault")
    vectors.add("expired.request", changed(at=second(NOON - timedelta(days=30))), no, "older than 30 days")
    vectors.add("from-the-future.request", changed(at=second(NOON + late)), no, "from the future")
    vectors.add("other-section.request", changed(sections=("c", "m")), "UsageError", "never content")
    vectors.add("other-purpose.request", changed(purpose=OwnUse.REVIEW), "UsageError", "no share is released")
    vectors.add("no-reason.request", changed(reason=""), "FormatError", "malformed")
    vectors.add("reason-of-two-lines.request", changed(reason="one\ntwo"), "FormatError", "malformed")
    pair = (OneEpisode(grant=GRANT, id=TWO), OneEpisode(grant=GRANT, id=ONE))
    vectors.add("not-sorted.request", changed(episodes=pair), "FormatError", "malformed")
    vectors.add("no-episode.request", changed(episodes=()), "FormatError", "malformed")
    vectors.add("unsigned.request", good.partition("\n\n")[0] + "\n", "FormatError", "malformed")
    return good


def releases(vectors: Vectors, note: str, auditor: Identity, scratch: Path) -> None:
    """Releases to the auditor, as the officer's home reads them at noon on 31 January."""
    from overt.keys.exchange.answer import AnswerManifest as Kind  # noqa: PLC0415

    request = open_request(note, WITNESS.vkey, VAULT.vkey, NOON)

    def answer(
        to: str = auditor.recipient,
        by: NoteSigner = VAULT,
        log: NoteSigner = VAULT,
        at: datetime = NOON,
        change: Callable[[ShareRequest], ShareRequest] = lambda request: request,
    ) -> bytes:
        place = scratch / str(len(list(scratch.iterdir())))
        asked = change(request)
        entry = release_entry(asked, note_sha256(note), ONE, "m") | {"at": second(NOON)}
        index = Ledger(place, log).append(entry)
        granted = Granted(
            episodes=(OneEpisode(grant=GRANT, id=ONE),),
            shares={ONE: {"m": new_identity().text}},
            proofs={proof_name(ONE, "m"): make_receipt(place, log.vkey, index)},
            refused=(),
        )
        return write_answer(request, note_sha256(note), granted, to, by, at)

    good = answer()
    envelope = read_envelope(good, "it")
    no, changed = "KeyAccessError", "VerificationError"
    vectors.add("good.release", good)
    vectors.add("other-signer.release", answer(by=OTHER), changed, "signed by another")
    vectors.add("other-role.release", repacked(envelope, VAULT, Kind, role=Reader.EMPLOYEE), no, "to the employee")
    vectors.add("other-purpose.release", repacked(envelope, VAULT, Kind, purpose=OwnUse.REVIEW), no, "for review")
    vectors.add("other-key.release", answer(to=new_identity().recipient), no, "another key")
    vectors.add("expired.release", answer(at=NOON - timedelta(days=30)), no, "older than 30 days")
    files = envelope.files | {"shares.age": encrypt(b"{}", [auditor.recipient])}
    vectors.add("shares-exchanged.release", render_envelope(envelope.manifest, files), changed, "a file in")
    another = _holding(envelope, auditor, {TWO: {"m": new_identity().text}})
    vectors.add("share-of-another-episode.release", another, changed, "other shares")
    malformed = _holding(envelope, auditor, {ONE: {"m": "AGE-SECRET-KEY-1"}})
    vectors.add("share-malformed.release", malformed, "FormatError", "malformed")
    unlogged = repacked(envelope, VAULT, Kind, request="ab" * 32)
    vectors.add("logged-for-another-request.release", unlogged, changed, "does not prove")
    vectors.add("logged-by-another-vault.release", answer(log=replace_name(OTHER)), changed, "does not prove")
    other = answer(change=lambda request: request.model_copy(update={"role": Reader.EMPLOYEE}))
    vectors.add("logged-for-another-role.release", other, changed, "does not prove")


def replace_name(key: NoteSigner) -> NoteSigner:
    """Return *key* under the name of the vault."""
    return NoteSigner.from_seed(VAULT.name, key.seed())


def _holding(envelope: Envelope, auditor: Identity, shares: dict[str, dict[str, str]]) -> bytes:
    from overt.keys.exchange.answer import AnswerManifest as Kind  # noqa: PLC0415

    text = canonical_json({"shares": {episode: dict(each) for episode, each in shares.items()}})
    files = envelope.files | {"shares.age": encrypt(text.encode(), [auditor.recipient])}
    changed = replace(envelope, files=files)
    return repacked(changed, VAULT, Kind, files=dict(sorted(hashes_of(files).items())))


def orders(vectors: Vectors) -> None:
    """Orders to destroy, as whoever knows the grant's withdrawal key reads them."""
    withdrawal = sign_withdrawal(Withdrawal(grant=GRANT, at=NOON), WITHDRAWAL)
    erasure = write_erasure(GRANT, ONE, NOON, WITHDRAWAL)
    text = erasure.partition("\n\n")[0] + "\n"
    no = "VerificationError"
    vectors.add("withdrawal.order", withdrawal)
    vectors.add("erasure.order", erasure)
    vectors.add("unsigned.order", text, no, "not signed")
    vectors.add("other-signer.order", OTHER.sign(text), no, "another key")
    vectors.add("byte-changed.order", erasure.replace(ONE, TWO), no, "changed")
    vectors.add("another-kind.order", WITHDRAWAL.sign('{"format":"overt-erasure/2"}\n'), "FormatError", "neither")


def main() -> None:
    """Write every vector, the keys that they are read with, and what is said to each."""
    vectors, auditor = Vectors(), new_identity()
    shipments(vectors)
    receipts(vectors, new_identity())
    note = requests(vectors, auditor)
    scratch = Path(tempfile.mkdtemp())
    try:
        releases(vectors, note, auditor, scratch)
    finally:
        shutil.rmtree(scratch)
    orders(vectors)
    facts = {
        "at": second(NOON),
        "auditor": auditor.text,
        "files": vectors.expected,
        "vault": VAULT.vkey,
        "withdrawal": WITHDRAWAL.vkey,
        "witness": WITNESS.vkey,
    }
    (HERE / "expected.json").write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
