"""Each way to tamper with a store has the one finding that names it; the honest store has none."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from overt.audit.findings import REMEDIES, severity_of
from overt.consent.withdrawal import Withdrawal
from overt.format.age_write import new_identity
from overt.format.container import read_members
from overt.format.note import NoteSigner
from overt.format.section_keys import parse_keys, render_keys
from overt.keys.recipients import RoleRecipients
from overt.keys.rotated import Keyring
from overt.keys.sign import open_bundle, sign_grant, sign_withdrawal
from overt.policy.signals import Signal
from overt.verify import UnsafeAnyDevice, verify_episode

Audited = Callable[[], Any]
Tamper = Callable[[Any], Any]
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def episode(name: str) -> Callable[[Any], str]:
    return lambda desk: desk.scene.id_of(name)


def grant(name: str) -> Callable[[Any], str]:
    return lambda desk: desk.scene.people[name].grant.id


def the(text: str) -> Callable[[Any], str]:
    return lambda _: text


def export(desk: Any) -> str:
    return hashlib.sha256(desk.scene.manifest_bytes("a")).hexdigest()


def file_of(desk: Any, name: str, suffix: str = ".ep") -> Path:
    return Path(desk.write() / f"{desk.scene.id_of(name)}{suffix}")


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def inside(desk: Any, name: str, suffix: str) -> int:
    """Return an offset within the data of the first member whose name ends in *suffix*."""
    members = read_members(desk.scene.episode(name).data)
    return next(each.end for each in members if each.name.endswith(suffix)) - 600


def parts(desk: Any, name: str, order: tuple[int, ...]) -> None:
    file_of(desk, name).write_bytes(b"".join(desk.scene.episode(name).parts[at] for at in order))


def spliced(desk: Any) -> None:
    one, two = desk.scene.episode("one").parts, desk.scene.episode("two").parts
    file_of(desk, "one").write_bytes(b"".join([*one[:2], two[2], *one[3:]]))


def appended(desk: Any) -> None:
    path = file_of(desk, "one")
    path.write_bytes(path.read_bytes() + bytes(1024))


def resealed_by_thief(desk: Any) -> None:
    """Seal another episode under the same id with the stolen device key."""
    person = desk.scene.people["ada"]
    other = desk.scene.office.seal("ada", person.grant, person.device)
    file_of(desk, "one").write_bytes(other.data)


def of_another_device(desk: Any) -> None:
    """Bob's device opens an episode that names Ada's grant."""
    ada, bob = desk.scene.people["ada"], desk.scene.people["bob"]
    other = desk.scene.office.seal("ada", ada.grant, bob.device)
    desk.scene.episodes["other"] = other
    root = verify_episode(other.data, trust=UnsafeAnyDevice()).root
    ada.log += [*lived(other, root)]


def lived(each: Any, root: str, day: str = "2026-11-22") -> list[dict[str, Any]]:
    opening = hashlib.sha256(each.parts[0]).hexdigest()
    return [
        {"type": "episode-open", "id": each.episode_id, "grant": each.grant, "sha256": opening},
        {"type": "episode-close", "id": each.episode_id, "size": len(each.data), "root": root},
        {"type": "approve", "day": day, "id": each.episode_id, "root": root},
        {"type": "submit", "id": each.episode_id},
    ]


def recorded(desk: Any, name: str, who: str, at: int | None = None, **changes: Any) -> None:
    """Add one more episode of *who* to the scene, in the log at *at* or at its end."""
    person = desk.scene.people[who]
    each = desk.scene.office.seal(who, changes.pop("grant", person.grant), person.device, **changes)
    desk.scene.episodes[name] = each
    entries = lived(each, verify_episode(each.data, trust=UnsafeAnyDevice()).root)
    place = len(person.log) if at is None else at
    begun, rest = entries[:2], entries[2:]
    person.log[place:place] = begun
    person.log += rest


def uncertified(desk: Any) -> None:
    """Somebody with a device of their own hands in an episode with a grant that they signed themselves."""
    eve = NoteSigner.generate("device-0e")
    office, scene = desk.scene.office, desk.scene
    person = type(scene.people["ada"])(
        eve, office.grant(eve, datetime(2026, 11, 10, 9, tzinfo=UTC), 3), countersigned=False, witnessed=False
    )
    scene.people["eve"] = person
    each = office.seal("eve", person.grant, eve)
    scene.episodes["evil"] = each
    person.log += lived(each, verify_episode(each.data, trust=UnsafeAnyDevice()).root)
    desk.write()
    log = desk.store / "logs" / "eve"
    from overt.ledger.receipt import find_ends, make_receipt  # noqa: PLC0415 - here alone

    index = find_ends(log, eve.vkey)[each.episode_id]
    (desk.store / f"{each.episode_id}.tlog-proof").write_text(make_receipt(log, eve.vkey, index))


def regrant(who: str, **changes: Any) -> Tamper:
    """Have *who* consent otherwise from the start; everything else follows from that."""

    def tamper(desk: Any) -> None:
        scene = desk.scene
        person = scene.people[who]
        old = person.grant
        made = {key: value(desk) if callable(value) else value for key, value in changes.items()}
        number = int(old.id[:8], 16)
        person.grant = scene.office.grant(person.device, old.given_at, number, **made)
        for entry in person.log:
            if entry["type"] == "grant":
                entry |= {
                    "policy": person.grant.terms.policy_sha256, "notice": person.grant.terms.notice_sha256
                }  # fmt: skip
        resealed(desk, who)

    return tamper


def resealed(desk: Any, who: str) -> None:
    """Seal the episodes of *who* anew under the grant that they have now, and export the changed grants."""
    scene = desk.scene
    person = scene.people[who]
    for name, each in list(scene.episodes.items()):
        if each.person == who:
            new = scene.office.seal(who, person.grant, person.device)
            scene.episodes[name] = new
            root = verify_episode(new.data, trust=UnsafeAnyDevice()).root
            opening = hashlib.sha256(new.parts[0]).hexdigest()
            for entry in (*person.log, *scene.vault_log):
                if entry.get("id") == each.episode_id:
                    entry["id"] = new.episode_id
                    facts = {"root": root, "size": len(new.data)}
                    entry.update({key: value for key, value in facts.items() if key in entry})
                    entry.update({"sha256": opening} if entry["type"] == "episode-open" else {})
    scene.vault_log[:] = [entry for entry in scene.vault_log if entry["type"] != "release"]
    scene.requests.clear()
    scene.shares.clear()
    scene.exports.clear()
    scene.admin_log.clear()
    scene.export()


def rewrapped(**roles: Any) -> Tamper:
    """Wrap episode one anew for other roles; the episode's own identity is not known, so it is another's keys file."""

    def tamper(desk: Any) -> None:
        office, person = desk.scene.office, desk.scene.people["ada"]
        usual = {
            "auditor": office.auditor, "exporter": office.exporter.recipient, "employee": office.employee.recipient
        }  # fmt: skip
        other = office.seal("ada", person.grant, person.device, roles=RoleRecipients(**(usual | roles)))
        file_of(desk, "one", ".keys").write_bytes(other.keys)

    return tamper


def one_more_stanza(desk: Any) -> None:
    """Wrap the metadata key for somebody who is on no list, beside the three who are."""
    from overt.format.age_write import encrypt  # noqa: PLC0415 - here alone

    office = desk.scene.office
    path = file_of(desk, "one", ".keys")
    known = [office.auditor, office.exporter.recipient, office.employee.recipient]
    wrapped = parse_keys(path.read_bytes()) | {"m": encrypt(b"x", [*known, new_identity().recipient])}
    path.write_bytes(render_keys(wrapped))


def log_file(desk: Any, name: str, file: str) -> Path:
    return Path(desk.write() / "logs" / name / file)


def signature_of(desk: Any) -> int:
    """Return an offset in the log's own signature of its head."""
    return log_file(desk, "ada", "checkpoint").read_bytes().index("\u2014 device-0a ".encode()) + 40


def cut_log(desk: Any) -> None:
    """Write the log again without its last entries, signed with the right key."""
    rewritten(desk, desk.scene.people["ada"].log[:-3])


def rewritten(desk: Any, entries: list[dict[str, Any]]) -> None:
    store = desk.write()
    shutil.rmtree(store / "logs" / "ada")
    desk.scene.write_log(store, "ada", desk.scene.people["ada"].device, entries)


def rewrite_log(desk: Any) -> None:
    """Another entry early in a log that is longer than before: nothing but the witness's memory speaks against it."""
    log = desk.scene.people["ada"].log
    rewritten(desk, [{"type": "heartbeat", "day": "2026-11-09"}, *log])


def alter_entry(desk: Any) -> None:
    tile = next((desk.write() / "logs" / "ada" / "tile" / "entries").rglob("*p/*"))
    tile.write_bytes(tile.read_bytes().replace(b"2026-11-15", b"2026-11-14", 1))


def forge_cosignature(desk: Any) -> None:
    place = log_file(desk, "ada", "witnessed")
    checkpoint = log_file(desk, "ada", "checkpoint").read_text()
    own = checkpoint.splitlines(keepends=True)
    stranger = NoteSigner.generate("witness-stranger")
    place.write_text("".join(own[:5]) + stranger.sign(checkpoint.partition("\n\n")[0] + "\n").rpartition("\n\n")[2])


def withdraw(desk: Any, at: datetime, who: str = "ada") -> None:
    """Lay the order of *who* into the store, as one that came in; copies are unlinked by nobody."""
    person = desk.scene.people[who]
    note = sign_withdrawal(Withdrawal(at=at, grant=person.grant.id), person.device)
    desk.scene.orders[f"withdrawals/{person.grant.id}.note"] = note


def unlink_copies(desk: Any, who: str = "ada") -> None:
    store = desk.write()
    for each in desk.scene.episodes.values():
        if each.person == who:
            for suffix in (".ep", ".keys", ".approval.note"):
                (store / f"{each.episode_id}{suffix}").unlink()


def withdrawn_before_export(desk: Any) -> None:
    withdraw(desk, datetime(2026, 11, 19, tzinfo=UTC))
    unlink_copies(desk)


def withdrawn_after_export(desk: Any) -> None:
    withdraw(desk, datetime(2026, 11, 22, tzinfo=UTC))
    unlink_copies(desk)


def older_copy(desk: Any) -> None:
    desk.scene.people["ada"].log.append({"type": "erase", "id": desk.scene.id_of("two")})


def recorded_after_withdrawal(desk: Any) -> None:
    """The person withdrew on a device that went on; what it recorded before is rightly gone."""
    scene = desk.scene
    person = scene.people["ada"]
    person.log.append({"type": "withdraw", "grant": person.grant.id})
    withdraw(desk, datetime(2026, 11, 22, tzinfo=UTC))
    recorded(desk, "late", "ada")
    store = desk.write()
    for name in ("one", "two"):
        for suffix in (".ep", ".keys", ".approval.note"):
            (store / f"{scene.id_of(name)}{suffix}").unlink()
    # The export of what was withdrawn since has a finding of its own.
    shutil.rmtree(store / "exports")


def reexport(**changes: Any) -> Tamper:
    def tamper(desk: Any) -> None:
        scene = desk.scene
        scene.exports.clear()
        scene.admin_log.clear()
        logged = changes.pop("logged", True)
        made = {key: value(desk) if callable(value) else value for key, value in changes.items()}
        scene.export(logged=logged, **made)

    return tamper


def few(desk: Any) -> dict[str, Any]:
    sources = desk.scene.manifest()["sources"]
    return {name: sources[name] for name in sorted(sources)[:49]}


def unknown_source(desk: Any) -> dict[str, Any]:
    sources = desk.scene.manifest()["sources"]
    return sources | {"ab" * 16: {"consent_receipt_sha256": "cd" * 32, "deletion_tag": "ef" * 32}}


def trial_source(desk: Any) -> dict[str, Any]:
    """Somebody's grant of a trial stands behind one episode of a real export."""
    office = desk.scene.office
    eve = NoteSigner.generate("device-0e")
    given = office.grant(eve, datetime(2026, 11, 10, 9, tzinfo=UTC), 100, promises={"trial": True})
    note = sign_grant(given, eve)
    desk.scene.others[0] = note
    return dict(desk.scene.manifest()["sources"])


def released(desk: Any, **changes: Any) -> dict[str, Any]:
    """Return the first release of the vault's log, which is changed in place."""
    entry = next(each for each in desk.scene.vault_log if each["type"] == "release")
    for key, value in changes.items():
        if value is None:
            del entry[key]
        else:
            entry[key] = value
    return dict(entry)


def shred_first(desk: Any) -> None:
    log = desk.scene.vault_log
    log.insert(4, {"type": "shred", "at": "2026-11-18T08:00:00Z", "epoch": 1, "id": desk.scene.id_of("one")})
    desk.scene.shares = [each for each in desk.scene.shares if desk.scene.id_of("one") not in each]


def share_stays(desk: Any) -> None:
    desk.scene.shares.append(f"{'ee' * 16}/{'dd' * 16}.c.age")


def unsigned_bundle(desk: Any) -> None:
    office = desk.scene.office
    desk.scene.bundles["old"] = office.make_bundle(POLICY_TEXT(desk), 1, NoteSigner.generate("admin-02"))


def POLICY_TEXT(desk: Any) -> str:  # noqa: N802 - it stands for a constant
    return str(desk.scene.office.organisation.bundle.policy)


def other_organisation(desk: Any, changed: tuple[str, str], *, signed: bool = True) -> Any:
    """Return the organisation with an older policy, whose bundle the officer has too if it is *signed*."""
    office = desk.scene.office
    text = POLICY_TEXT(desk).replace(*changed)
    note = office.make_bundle(text, 1)
    if signed:
        desk.scene.bundles["older"] = note
    return open_bundle(note, office.admin.vkey)


def without_bundle(desk: Any) -> Any:
    return other_organisation(desk, ("Hall 2", "Hall 3"), signed=False)


def silent(desk: Any) -> None:
    """No heartbeat, and nothing else with a day, from the 4th to the 13th."""
    log = desk.scene.people["bob"].log
    log[:] = [each for each in log if not "2026-11-03" < str(each.get("day", "")) < "2026-11-14"]


def expired(desk: Any) -> None:
    """The recorder went on under a grant that had ended in October: every day that the log leaves open is later."""
    regrant("bob", expires_at=datetime(2026, 10, 1, tzinfo=UTC))(desk)


def kept_too_long(desk: Any) -> None:
    """An episode of July, handed over then, and never destroyed."""
    log = desk.scene.people["bob"].log
    recorded(desk, "old", "bob", at=next(at for at, each in enumerate(log) if each.get("day", "") > "2026-07-09"))
    old = desk.scene.episodes["old"]
    moved = [each for each in log if each.get("id") == old.episode_id and each["type"] in {"approve", "submit"}]
    for each in moved:
        log.remove(each)
    moved[0]["day"] = "2026-07-10"
    place = next(at for at, each in enumerate(log) if each.get("day", "") > "2026-07-13")
    log[place:place] = moved


def before_grant(desk: Any) -> None:
    recorded(desk, "early", "ada", at=1)


def close_of(desk: Any, name: str) -> dict[str, Any]:
    """Return the entry of the log that says how the episode *name* ended, which may be changed."""
    log = desk.scene.people[desk.scene.episode(name).person].log
    return next(each for each in log if each["type"] == "episode-close" and each["id"] == desk.scene.id_of(name))


def recovered_otherwise(desk: Any) -> None:
    close_of(desk, "one").update({"type": "recovered", "reason": "open", "root": "ab" * 32})


def not_logged(desk: Any) -> None:
    """Put in an episode that the device sealed, and that its log knows nothing of."""
    store, person = desk.write(), desk.scene.people["ada"]
    other = desk.scene.office.seal("ada", person.grant, person.device)
    desk.scene.episodes["other"] = other
    (store / f"{other.episode_id}.ep").write_bytes(other.data)


def for_others(desk: Any) -> None:
    """Have consent given with somebody else's name in the place of the vault's."""
    recipients = desk.scene.office.organisation.recipients
    other = recipients.model_copy(update={"vault": NoteSigner.generate("vault-02").vkey})
    terms = {"recipients_sha256": other.sha256()}
    regrant("ada", parties={"recipients": other}, terms=terms)(desk)


def before_the_assessment(desk: Any) -> Any:
    """Return the organisation as it would be, had its impact assessment been approved only after consent was given."""
    return other_organisation(desk, ("approved_on = 2026-01-01", "approved_on = 2026-11-20"))


BYTES: dict[str, tuple[Tamper, str, Callable[[Any], str]]] = {
    "episode deleted": (lambda desk: file_of(desk, "one").unlink(), "deleted", episode("one")),
    "cut at a flush boundary": (lambda desk: parts(desk, "one", (0, 1)), "rolled-back", episode("one")),
    "cut inside a flush": (
        lambda desk: os.truncate(file_of(desk, "one"), len(desk.scene.episode("one").data) - 4000),
        "damaged-tail", episode("one"),
    ),
    "bit flipped in content": (
        lambda desk: flip(file_of(desk, "one"), inside(desk, "one", ".c.age")), "damaged-tail", episode("one"),
    ),
    "bit flipped in metadata": (
        lambda desk: flip(file_of(desk, "one"), inside(desk, "one", ".m.age")), "damaged-tail", episode("one"),
    ),
    "bit flipped in a checkpoint": (
        lambda desk: flip(file_of(desk, "one"), inside(desk, "one", "00000002.note") + 100), "damaged-tail",
        episode("one"),
    ),
    "bit flipped in the opening": (lambda desk: flip(file_of(desk, "one"), 600), "invalid", episode("one")),
    "flush dropped": (lambda desk: parts(desk, "one", (0, 1, 3, 4)), "damaged-tail", episode("one")),
    "flush reordered": (lambda desk: parts(desk, "one", (0, 2, 1, 3, 4)), "damaged-tail", episode("one")),
    "flush duplicated": (lambda desk: parts(desk, "one", (0, 1, 1, 2, 3, 4)), "damaged-tail", episode("one")),
    "flush spliced from another episode": (spliced, "damaged-tail", episode("one")),
    "trailing data": (appended, "damaged-tail", episode("one")),
    "another episode in its place": (
        lambda desk: shutil.copy(file_of(desk, "two"), file_of(desk, "one")), "misnamed", episode("one"),
    ),
    "sealed anew by a thief of the device key": (resealed_by_thief, "misnamed", episode("one")),
    "episode of another device": (of_another_device, "foreign-device", episode("other")),
    "signed by an uncertified key": (uncertified, "device-uncertified", the("device-0e")),
    "older copy put back": (older_copy, "taken-back", episode("two")),
    "keys removed": (lambda desk: file_of(desk, "one", ".keys").unlink(), "keys-missing", episode("one")),
    "keys cut": (lambda desk: os.truncate(file_of(desk, "one", ".keys"), 700), "keys-malformed", episode("one")),
    "keys wrapped to one more recipient": (one_more_stanza, "keys-recipients", episode("one")),
    "approval removed": (
        lambda desk: file_of(desk, "one", ".approval.note").unlink(), "approval-missing", episode("one"),
    ),
    "approval altered": (lambda desk: flip(file_of(desk, "one", ".approval.note"), 9), "approval-invalid",
                         episode("one")),
    "approval of another episode": (
        lambda desk: shutil.copy(file_of(desk, "two", ".approval.note"), file_of(desk, "one", ".approval.note")),
        "approval-mismatch", episode("one"),
    ),
}  # fmt: skip

LOGS: dict[str, tuple[Tamper, str, Callable[[Any], str]]] = {
    "log removed": (lambda desk: shutil.rmtree(desk.write() / "logs/ada"), "log-missing", the("device-0a")),
    "log cut": (cut_log, "log-rolled-back", the("device-0a")),
    "entry altered": (alter_entry, "log-invalid", the("device-0a")),
    "bit flipped in the log's checkpoint": (
        lambda desk: flip(log_file(desk, "ada", "checkpoint"), signature_of(desk)), "log-invalid", the("device-0a"),
    ),
    "log rewritten with a stolen device key": (rewrite_log, "log-rewritten", the("device-0a")),
    "another end logged": (
        lambda desk: close_of(desk, "one").update(root="ab" * 32), "replaced", episode("one"),
    ),
    "another end logged after a crash": (recovered_otherwise, "recovered-mismatch", episode("one")),
    "a second end logged": (
        lambda desk: desk.scene.people["ada"].log.append(close_of(desk, "one") | {"size": 1024}), "contradicted",
        the("device-0a"),
    ),
    "episode that no log knows": (not_logged, "not-logged", episode("other")),
    "cosignature removed": (lambda desk: log_file(desk, "ada", "witnessed").unlink(), "not-witnessed",
                            the("device-0a")),
    "cosignature forged": (forge_cosignature, "not-witnessed", the("device-0a")),
    "heartbeat missing": (silent, "silence", the("device-0b")),
}  # fmt: skip

CONSENT: dict[str, tuple[Tamper, str, Callable[[Any], str]]] = {
    "grant missing": (
        lambda desk: (desk.write() / "grants" / f"{grant('ada')(desk)}.note").unlink(), "grant-missing", grant("ada"),
    ),
    "grant altered": (
        lambda desk: flip(desk.write() / "grants" / f"{grant('ada')(desk)}.note", 300), "grant-invalid", grant("ada"),
    ),
    "grant not in the log": (
        lambda desk: desk.scene.people["ada"].log.pop(1), "grant-not-logged", grant("ada"),
    ),
    "grant expired at the instant": (expired, "not-in-force", episode("three")),
    "grant withdrawn before": (recorded_after_withdrawal, "after-withdrawal", episode("late")),
    "recorded before the grant": (before_grant, "recorded-before-grant", episode("early")),
    "signal not in policy": (
        regrant("ada", scope={"signals": (Signal.SCREENSHOTS, Signal.TEXT)}), "beyond-policy", grant("ada"),
    ),
    "site not in policy": (
        regrant("ada", scope={"sites": ("google", "linkedin")}), "beyond-policy", grant("ada"),
    ),
    "cooling-off cut short": (
        regrant("ada", starts_at=datetime(2026, 11, 10, 10, tzinfo=UTC)), "beyond-policy", grant("ada"),
    ),
    "policy unsigned": (unsigned_bundle, "bundle-invalid", the("old.note")),
    "policy that no bundle has": (regrant("ada", organisation=without_bundle), "policy-unknown", grant("ada")),
    "policy hash differs": (
        lambda desk: recorded(desk, "extra", "ada", policy="ab" * 32), "policy-mismatch", episode("extra"),
    ),
    "notice hash differs": (regrant("ada", terms={"notice_sha256": "ab" * 32}), "notice-mismatch", grant("ada")),
    "grant for other recipients": (for_others, "other-recipients", grant("ada")),
    "grant before the law permitted it": (regrant("ada", organisation=before_the_assessment), "law", grant("ada")),
    "grant to another controller": (
        regrant("ada", parties={"controller_key": NoteSigner.generate("admin-02").vkey}), "other-controller",
        grant("ada"),
    ),
    "trial episode under a real grant": (
        lambda desk: recorded(desk, "extra", "ada", trial=True), "trial-mismatch", episode("extra"),
    ),
    "retention exceeded": (kept_too_long, "retention-exceeded", episode("old")),
    "shredded share still there": (share_stays, "share-still-there", the(f"{'ee' * 16}/{'dd' * 16}.c.age")),
}  # fmt: skip

EXPORTS: dict[str, tuple[Tamper, str, Callable[[Any], str]]] = {
    "export without log entry": (reexport(logged=False), "export-not-logged", export),
    "export after withdrawal": (withdrawn_before_export, "export-after-withdrawal", export),
    "export that still holds what was withdrawn": (withdrawn_after_export, "export-holds-withdrawn", export),
    "export for a prohibited purpose": (
        reexport(purpose="performance_monitoring", logged=False), "export-prohibited", export,
    ),
    "export for a purpose that nobody granted": (reexport(purpose="research"), "export-not-granted", export),
    "export below the cohort floor": (reexport(sources=few), "export-below-floor", export),
    "export of what no grant covers": (reexport(sources=unknown_source), "export-unknown-grant", export),
    "trial episode in a real export": (reexport(sources=trial_source), "export-trial", export),
    "export recalled by another": (
        reexport(revoked_by=lambda _: NoteSigner.generate("admin-02").vkey), "export-other-controller", export,
    ),
    "export to somebody whom the policy does not name": (
        reexport(about={"receiver": {"name": "Elsewhere", "contact": "x", "country": "US"}}),
        "export-other-recipient", export,
    ),
    "manifest cut": (
        lambda desk: os.truncate(desk.write() / "exports/a/MANIFEST.json", 50), "export-malformed", the("a"),
    ),
    "read without a reason": (
        lambda desk: released(desk, request=None), "read-without-reason", the("entry 4 of the vault's log"),
    ),
    "read of an episode that was not asked for": (
        lambda desk: released(desk, id=desk.scene.id_of("two")), "read-beyond-request",
        the("entry 4 of the vault's log"),
    ),
    "read for a purpose that was not granted": (
        lambda desk: released(desk, purpose="research"), "read-not-granted", the("entry 4 of the vault's log"),
    ),
    "content read by an auditor": (
        lambda desk: released(desk, role="auditor", purpose="audit"), "read-of-content",
        the("entry 4 of the vault's log"),
    ),
}  # fmt: skip

TABLE = BYTES | LOGS | CONSENT | EXPORTS


@pytest.mark.parametrize("name", TABLE)
def test_a_tampering_has_the_one_finding_that_names_it(audited: Audited, name: str) -> None:
    tamper, code, about = TABLE[name]
    desk = audited()

    tamper(desk)
    report = desk.audit()

    assert {(each.code, each.about) for each in report.findings} == {(code, about(desk))}
    assert "canary" not in json.dumps(report.row())
    # What a person did on which day is nobody's business, not even where something is wrong with it.
    assert re.search(r"\d{4}-\d{2}-\d{2}", json.dumps(report.row()["findings"])) is None


def test_a_share_released_after_its_destruction_is_found_for_each_section(audited: Audited) -> None:
    desk = audited()

    shred_first(desk)

    assert desk.found() == {("read-after-shred", f"entry {number} of the vault's log") for number in (5, 6)}


def test_metadata_that_is_not_sealed_for_the_officer_is_found_with_the_officers_key(audited: Audited) -> None:
    desk = audited()
    rewrapped(auditor=new_identity().recipient)(desk)

    without, with_key = desk.found(), desk.found(keyring=Keyring(desk.home, lambda *_, **__: "correct"))

    assert without == set()
    assert with_key == {("keys-without-officer", desk.scene.id_of("one"))}


def test_a_profile_of_the_law_that_expired_is_found(audited: Audited) -> None:
    """On that day the report on the same store differs in it, and in what time alone brings about."""
    desk = audited()
    later = AT + timedelta(days=330)

    codes = {code for code, _ in desk.found(at=later)}

    assert "jurisdiction-expired" in codes
    assert codes <= {"jurisdiction-expired", "silence", "retention-exceeded"}


def test_every_code_of_the_specification_has_a_tampering() -> None:
    """Those that are not in the table have a test of their own, here or in ``test_running``."""
    shown = {code for _, code, _ in TABLE.values()}
    elsewhere = {"read-after-shred", "keys-without-officer", "jurisdiction-expired"}
    running = {"unreadable-file", "receipt-missing", "receipt-mismatch"}

    assert set(REMEDIES) == shown | elsewhere | running


def test_the_specification_names_every_code_with_its_severity() -> None:
    text = (Path(__file__).parents[3] / "docs/spec/audit-v1.md").read_text()
    rows = [[cell.strip() for cell in line.split("|")[1:3]] for line in text.splitlines() if line.startswith("| `")]
    told = {code: severity for codes, severity in rows for code in codes.replace("`", "").split()}

    assert {code: severity_of(code).value for code in REMEDIES} == {code: told.get(code) for code in REMEDIES}


def test_a_head_that_is_no_note_any_more_is_told_as_broken_and_not_as_missing(audited: Audited) -> None:
    """A flipped bit made the signature unreadable, and the log was called missing."""
    desk = audited()
    path = log_file(desk, "ada", "checkpoint")
    data = bytearray(path.read_bytes())
    data[signature_of(desk)] = ord("@")
    path.write_bytes(data)

    assert desk.found() == {("log-invalid", "device-0a")}
