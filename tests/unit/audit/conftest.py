"""A real organisation on paper: everybody's keys, fifty grants, two people's episodes and logs, an export, a read."""

import copy
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from overt.audit.cosigning import memory
from overt.audit.running import Report, Request, audit
from overt.consent.approval import Approval
from overt.consent.countersignature import Countersignature
from overt.consent.deletion import deletion_tag
from overt.consent.fit import hosts_sha256, retention_of
from overt.consent.grant import Grant, Heeded, Parties, Promises, Scope, make_grant
from overt.consent.notice import notice_text
from overt.consent.record import record_text
from overt.events.redacted import EndFacts, SessionFacts, Typed
from overt.format.age_write import new_identity
from overt.format.note import NoteSigner
from overt.keys import at_rest
from overt.keys.bundles import join
from overt.keys.countersign import sign_countersignature
from overt.keys.exchange.request import Asker, Reader, Wish, write_request
from overt.keys.founding import found_home
from overt.keys.identities import load_signer, signer_vkey, statement_note
from overt.keys.recipients import RoleRecipients
from overt.keys.sign import Organisation, open_bundle, sign_approval, sign_bundle, sign_grant
from overt.keys.statement import Statement, sign_statement
from overt.ledger.log import Ledger
from overt.ledger.witness import Witness, accept, make_offer
from overt.policy.bundle import Bundle, Recipients, Statements
from overt.policy.document import parse_policy, text_sha256
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.law import profiles_for
from overt.policy.purposes import Purpose
from overt.policy.signals import Signal
from overt.seal import EpisodeSealer
from overt.store.home import Home, Role

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
GIVEN = datetime(2026, 11, 10, 9, tzinfo=UTC)
LONG_AGO = datetime(2026, 7, 1, 9, tzinfo=UTC)
CANARY = "canary-7f3a91"
"""Stands in every content record; no output of the officer's may ever hold it."""
PEOPLE = 50

POLICY = """\
format = "overt-policy/1"
trial = false
sites = ["google", "wikipedia"]
signals = ["text", "clicks"]
purposes = ["model_training", "research"]
prohibited = ["performance_monitoring", "individual_scoring", "emotion_inference", "biometric_identification"]
jurisdictions = ["EU"]

[controller]
name = "Acme Ltd"
contact = "privacy@acme.example"

[limits]
retention_days = 90
grant_max_days = 183
daily_cap_minutes = 100
cooling_off_hours = 24
cohort_floor = 50

[retention]
research = 30

[documents.dpia]
reference = "DPIA 7"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
approved_by = "the board"
approved_on = 2026-01-01
review_by = 2027-06-01

[notice]
legal_basis = "consent"
transfers = "none"
authority = "the authority"
data_protection_officer = "dpo@acme.example"
locations = ["Hall 2"]
posted_at = ["the board in Hall 2"]
"""


def correct(what: str, *, new: bool = False) -> str:
    del what, new
    return "correct"


@dataclass
class Sealed:
    """One episode: its parts, its keys, and who recorded it under which grant."""

    episode_id: str
    parts: list[bytes]
    keys: bytes
    grant: str
    person: str

    @property
    def data(self) -> bytes:
        return b"".join(self.parts)


@dataclass
class Person:
    """One person: device key, grant, and what their log holds."""

    device: NoteSigner
    grant: Grant
    log: list[dict[str, Any]] = field(default_factory=list)
    countersigned: bool = True
    witnessed: bool = True


class Office:
    """Everybody's keys, as no real machine has them side by side."""

    def __init__(self, path: Path) -> None:
        self.home = found_home(path / "officer", Role.OFFICER, correct)
        self.witness = load_signer(self.home, correct)
        self.admin, self.vault = NoteSigner.generate("admin-01"), NoteSigner.generate("vault-01")
        self.exporter, self.employee, self.master = new_identity(), new_identity(), new_identity()
        self.auditor = (self.home.keys_directory / "auditor.pub").read_text().strip()
        self.bundle = self.make_bundle(POLICY, 2)
        self.organisation = open_bundle(self.bundle, self.admin.vkey)
        join(self.home, self.bundle, self.admin.vkey)

    def stated(self, signer: NoteSigner, recipient: str, role: Any) -> str:
        return sign_statement(Statement(epoch=1, recipient=recipient, role=role), signer)

    def make_bundle(self, policy: str, serial: int, signer: NoteSigner | None = None) -> str:
        admin = signer or self.admin
        bundle = Bundle(
            serial=serial,
            policy=policy,
            notices={"en": notice_text(parse_policy(policy), "en")},
            recipients=Recipients(auditor=signer_vkey(self.home), exporter=admin.vkey, vault=self.vault.vkey),
            statements=Statements(
                auditor=statement_note(self.home),
                exporter=self.stated(admin, self.exporter.recipient, "exporter"),
                vault=self.stated(self.vault, self.master.recipient, "vault"),
            ),
            admin=admin.vkey,
        )
        return sign_bundle(bundle, admin)

    def grant(self, device: NoteSigner, at: datetime, number: int, **changes: Any) -> Grant:
        """Return the grant number *number*, given at *at*, with some fields changed: ``scope.sites`` and the like."""
        organisation: Organisation = changes.pop("organisation", self.organisation)
        policy, heeded = organisation.policy, profiles_for(organisation.policy.jurisdictions, PROFILES)
        scope = Scope(sites=("google",), signals=(Signal.TEXT,), purposes=(Purpose.MODEL_TRAINING,))
        scope = scope.model_copy(update=changes.pop("scope", {}))
        parties = Parties(
            controller=policy.controller,
            controller_key=organisation.bundle.admin,
            recipients=organisation.recipients,
            jurisdictions=policy.jurisdictions,
            subject=f"{number:032x}",
            deletion_handle=f"{number + 1000:032x}",
            device=device.vkey,
            withdrawal=device.vkey,
        )
        facts: dict[str, Any] = {
            "id": f"{number:08x}{'0' * 24}",
            "language": "en",
            "given_at": at,
            "starts_at": at + timedelta(hours=24),
            "expires_at": at + timedelta(days=150),
            "expressed": "switches",
            "questions": "1",
            "previous": None,
            "renews": None,
            "scope": scope,
            "terms": organisation.terms("en").model_copy(update=changes.pop("terms", {})),
            "parties": parties.model_copy(update=changes.pop("parties", {})),
            "promises": Promises(
                prohibited=policy.prohibited,
                hosts_sha256=hosts_sha256(scope.sites),
                retention=retention_of(scope.purposes, policy),
                review_days=policy.review_days,
                daily_cap_minutes=policy.limits.daily_cap_minutes,
                trial=policy.trial,
            ).model_copy(update=changes.pop("promises", {})),
            "law": tuple(
                Heeded(code=each.code, reviewed_on=each.reviewed_on, expires_on=each.expires_on) for each in heeded
            ),
        }
        return make_grant(**(facts | changes))

    def seal(self, person: str, grant: Grant, device: NoteSigner, **changes: Any) -> Sealed:
        """Return an episode of three flushes, each with the canary in its content."""
        roles = changes.pop("roles", None) or RoleRecipients(
            auditor=self.auditor, exporter=self.exporter.recipient, employee=self.employee.recipient
        )
        sealer, opening = EpisodeSealer.begin(
            grant=grant.id,
            policy_sha256=changes.get("policy", grant.terms.policy_sha256),
            trial=changes.get("trial", False),
            device=device,
            roles=roles,
            vault_recipient=self.master.recipient,
        )
        session = SessionFacts(
            recorder_version="1", redactor_version="1", grant=grant.id, notice_sha256=grant.terms.notice_sha256,
            policy_sha256=grant.terms.policy_sha256, purposes=("model_training",), signals=("text",), trial=False,
            started_on="2026-11-14", os_family="linux",
        )  # fmt: skip
        parts = [opening.first]
        for number in range(3):
            typed = Typed(at_ms=100, visit=1, text=f"{CANARY} {number}")
            parts.append(sealer.flush(meta=[session] if not number else [], content=[typed]))
        end = EndFacts(at_ms=36_000_000, armed_ms=34_200_000, reason="stopped")
        parts.append(sealer.close(reason="stopped", meta=[end]))
        return Sealed(opening.episode_id, parts, opening.keys, grant.id, person)


@dataclass
class Scene:
    """What an officer is given, before it is written: tests change it, or the files after that."""

    office: Office
    people: dict[str, Person]
    others: list[str]
    episodes: dict[str, Sealed]
    admin_log: list[dict[str, Any]] = field(default_factory=list)
    vault_log: list[dict[str, Any]] = field(default_factory=list)
    exports: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: dict[str, str] = field(default_factory=dict)
    bundles: dict[str, str] = field(default_factory=dict)
    shares: list[str] = field(default_factory=list)
    orders: dict[str, str] = field(default_factory=dict)

    def episode(self, name: str) -> Sealed:
        return self.episodes[name]

    def id_of(self, name: str) -> str:
        return self.episodes[name].episode_id

    def manifest(self, **changes: Any) -> dict[str, Any]:
        """Return the manifest of an export of everybody's grants."""
        grants = [each.grant for each in self.people.values()]
        sources = {self.id_of("one"): grants[0], self.id_of("three"): grants[1]}
        notes = {grant.id: sign_grant(grant, each.device) for each in self.people.values() for grant in [each.grant]}
        told = {
            episode: {"consent_receipt_sha256": text_sha256(notes[grant.id]),
                      "deletion_tag": deletion_tag(grant.parties.deletion_handle, episode)}
            for episode, grant in sources.items()
        }  # fmt: skip
        for number, note in enumerate(self.others):
            episode = f"{number:032x}"
            handle = f"{number + 100 + 1000:032x}"
            told[episode] = {"consent_receipt_sha256": text_sha256(note), "deletion_tag": deletion_tag(handle, episode)}
        usual = {
            "format": "overt-dataset/1", "purpose": "model_training", "trial": False, "synthetic": False,
            "episodes": {"offered": PEOPLE, "exported": PEOPLE, "skipped": {}}, "sources": told,
            "revoked_by": self.office.admin.vkey, "files": {}, "about": {"receiver": None},
        }  # fmt: skip
        return usual | changes

    def export(self, name: str = "a", *, logged: bool = True, at: str = "2026-11-20T10:00:00Z", **changes: Any) -> None:
        manifest = self.manifest(**changes)
        self.exports[name] = manifest
        if logged and manifest["purpose"] in set(Purpose):
            sha256 = hashlib.sha256(self.manifest_bytes(name)).hexdigest()
            entry = {"type": "export", "at": at, "dataset": sha256, "purpose": manifest["purpose"]}
            self.admin_log.append(entry)

    def manifest_bytes(self, name: str) -> bytes:
        return json.dumps(self.exports[name], sort_keys=True).encode()

    def write(self, store: Path, home: Home) -> None:
        """Write everything into *store*, and have the officer of *home* witness the logs."""
        store.mkdir(mode=0o700)
        for each in self.episodes.values():
            person = self.people[each.person]
            self.put(store, each, person)
        for name in ("grants", "countersignatures", "bundles", "requests", "withdrawals", "erasures", "logs"):
            (store / name).mkdir(mode=0o700)
        for person in self.people.values():
            self.put_grant(store, person)
        for number, note in enumerate(self.others):
            (store / "grants" / f"{number + 100:08x}{'0' * 24}.note").write_text(note)
        for place, text in {
            **{f"bundles/{name}.note": note for name, note in self.bundles.items()},
            **{f"requests/{sha256}.note": note for sha256, note in self.requests.items()},
            **self.orders,
        }.items():
            (store / place).write_text(text)
        for name in self.exports:
            (store / "exports" / name).mkdir(parents=True, mode=0o700)
            (store / "exports" / name / "MANIFEST.json").write_bytes(self.manifest_bytes(name))
        for share in self.shares:
            path = store / "shares" / share
            path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
            path.write_bytes(b"sealed")
        self.write_logs(store, home)

    def put(self, store: Path, each: Sealed, person: Person) -> None:
        (store / f"{each.episode_id}.ep").write_bytes(each.data)
        (store / f"{each.episode_id}.keys").write_bytes(each.keys)
        (store / f"{each.episode_id}.approval.note").write_text(self.approval(each, person))

    def approval(self, each: Sealed, person: Person, **changes: Any) -> str:
        root = next(
            str(entry["root"]) for entry in person.log if entry.get("id") == each.episode_id and "root" in entry
        )
        facts = {"at": GIVEN + timedelta(days=7), "episode": each.episode_id, "grant": each.grant, "root": root}
        approval = Approval.model_validate({**facts, "size": len(each.data), **changes})
        return sign_approval(approval, person.device)

    def put_grant(self, store: Path, person: Person) -> None:
        grant = person.grant
        (store / "grants" / f"{grant.id}.note").write_text(sign_grant(grant, person.device))
        if person.countersigned:
            told = Countersignature(at=grant.given_at, grant=grant.id, record=text_sha256(record_text(grant)))
            note = sign_countersignature(told, self.office.admin)
            (store / "countersignatures" / f"{grant.id}.note").write_text(note)

    def write_logs(self, store: Path, home: Home) -> None:
        for name, person in self.people.items():
            self.write_log(store, name, person.device, person.log)
            if person.witnessed:
                self.witness(store, name, person.device, home)
        for name, signer, entries in (
            ("admin", self.office.admin, self.admin_log), ("vault", self.office.vault, self.vault_log),
        ):  # fmt: skip
            self.write_log(store, name, signer, entries)
            self.witness(store, name, signer, home)

    def write_log(self, store: Path, name: str, signer: NoteSigner, entries: list[dict[str, Any]]) -> None:
        ledger = Ledger(store / "logs" / name, signer)
        for entry in entries:
            ledger.append(entry)

    def witness(self, store: Path, name: str, signer: NoteSigner, home: Home) -> str:
        witness = Witness(memory(home), self.office.witness)
        known = witness.remembered(signer.name)
        offer = make_offer(store / "logs" / name, signer.vkey, old=known.size if known else 0)
        answer = witness.cosign(offer, AT, vkey=signer.vkey).note
        accept(store / "logs" / name, signer.vkey, answer, self.office.witness.vkey)
        return answer


def beats(first: date, last: date) -> list[dict[str, Any]]:
    """Return a heartbeat for each fourth day from *first* to *last*."""
    days = [first + timedelta(days=number) for number in range(0, (last - first).days + 1, 4)]
    return [{"type": "heartbeat", "day": day.isoformat()} for day in days]


def life(each: Sealed, root: str) -> list[dict[str, Any]]:
    """Return what a log says of an episode while it is recorded."""
    opening = hashlib.sha256(each.parts[0]).hexdigest()
    return [
        {"type": "episode-open", "id": each.episode_id, "grant": each.grant, "sha256": opening},
        {"type": "episode-close", "id": each.episode_id, "size": len(each.data), "root": root},
    ]


def handing_over(each: Sealed, root: str, day: str) -> list[dict[str, Any]]:
    return [
        {"type": "approve", "day": day, "id": each.episode_id, "root": root},
        {"type": "submit", "id": each.episode_id},
    ]


def given(grant: Grant) -> dict[str, Any]:
    told = {"grant": grant.id, "notice": grant.terms.notice_sha256, "policy": grant.terms.policy_sha256}
    return {"type": "grant", "day": grant.given_at.date().isoformat(), **told}


def root_of(each: Sealed) -> str:
    from overt.verify import UnsafeAnyDevice, verify_episode  # noqa: PLC0415 - nobody else needs it

    return verify_episode(each.data, trust=UnsafeAnyDevice()).root


def honest_scene(office: Office) -> Scene:
    """Return a store in which everything is as it must be."""
    ada, bob = NoteSigner.generate("device-0a"), NoteSigner.generate("device-0b")
    people = {
        "ada": Person(ada, office.grant(ada, GIVEN, 1)),
        "bob": Person(bob, office.grant(bob, LONG_AGO, 2)),
    }
    episodes = {
        name: office.seal(who, people[who].grant, people[who].device)
        for name, who in (("one", "ada"), ("two", "ada"), ("three", "bob"))
    }
    devices = [NoteSigner.generate(f"device-{number:x}") for number in range(100, 98 + PEOPLE)]
    others = [sign_grant(office.grant(device, GIVEN, 100 + at), device) for at, device in enumerate(devices)]
    scene = Scene(office, people, others, episodes)
    for who, names, start in (("ada", ("one", "two"), GIVEN), ("bob", ("three",), LONG_AGO)):
        person, mine = people[who], [(episodes[name], root_of(episodes[name])) for name in names]
        person.log += [
            {"type": "heartbeat", "day": start.date().isoformat()},
            given(person.grant),
            *beats(start.date() + timedelta(days=4), date(2026, 11, 14)),
            {"type": "heartbeat", "day": "2026-11-15"},
            *(entry for each, root in mine for entry in life(each, root)),
            {"type": "heartbeat", "day": "2026-11-16"},
            *(entry for each, root in mine for entry in handing_over(each, root, "2026-11-17")),
            *beats(date(2026, 11, 18), date(2026, 11, 22)),
        ]
    read = write_request(
        Wish(role=Reader.EXPORTER, purpose=Purpose.MODEL_TRAINING, reason="first training run"),
        Asker(signer=office.admin, statement=office.stated(office.admin, office.exporter.recipient, "exporter"),
              vault=office.vault.vkey),
        [(episodes["one"].grant, episodes["one"].episode_id)], GIVEN,
    )  # fmt: skip
    sha256 = text_sha256(read)
    scene.requests[sha256] = read
    scene.vault_log += [
        {"type": "put", "at": "2026-11-17T08:00:00Z", "grant": each.grant, "id": each.episode_id, "sha256": "ab" * 32}
        for each in episodes.values()
    ]
    scene.vault_log += [
        {"type": "put", "at": "2026-11-17T08:00:00Z", "grant": "ee" * 16, "id": "dd" * 16, "sha256": "ab" * 32},
        *(
            {"type": "release", "at": "2026-11-19T08:00:00Z", "id": episodes["one"].episode_id, "section": section,
             "role": "exporter", "purpose": "model_training", "request": sha256}
            for section in ("c", "m")
        ),
        {"type": "shred", "at": "2026-11-21T08:00:00Z", "epoch": 1, "grant": "ee" * 16},
        {"type": "vault-rekey", "at": "2026-11-21T08:00:01Z", "epoch": 2},
    ]  # fmt: skip
    scene.shares += [
        f"{each.grant}/{each.episode_id}.{section}.age" for each in episodes.values() for section in ("c", "m")
    ]
    scene.export()
    return scene


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Return the honest store as it is before it is written; nobody may change it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(at_rest, "WORK_FACTOR", 2)
        patch.setattr(os, "fsync", lambda _: None)
        yield honest_scene(Office(tmp_path_factory.mktemp("office")))


@dataclass
class Desk:
    """An officer's desk: a *scene*, and what the officer says of it once it is written."""

    scene: Scene
    store: Path
    home: Home
    written: bool = False

    def write(self) -> Path:
        if not self.written:
            self.scene.write(self.store, self.home)
            self.written = True
        return self.store

    def audit(self, **changes: Any) -> Report:
        at = changes.pop("at", AT)
        keyring = changes.pop("keyring", None)
        request = Request(store=self.write(), **changes)
        return audit(self.home, request, at, progress=lambda *_: None, keyring=keyring)

    def found(self, **changes: Any) -> set[tuple[str, str]]:
        """Return code and subject of every finding."""
        return {(each.code, each.about) for each in self.audit(**changes).findings}


@pytest.fixture
def audited(template: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Desk]:
    """Return a maker of desks with an honest scene of their own."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr(at_rest, "WORK_FACTOR", 2)
    made: list[Desk] = []

    def make() -> Desk:
        number = len(made)
        place = tmp_path / f"desk-{number}"
        place.mkdir(mode=0o700)
        scene = Scene(
            template.office,
            {name: Person(each.device, each.grant, copy.deepcopy(each.log)) for name, each in template.people.items()},
            list(template.others),
            dict(template.episodes),
            copy.deepcopy(template.admin_log),
            copy.deepcopy(template.vault_log),
            copy.deepcopy(template.exports),
            dict(template.requests),
            dict(template.bundles),
            list(template.shares),
        )
        home = place / "officer"
        copied(template.office.home.path, home)
        made.append(Desk(scene, place / "store", Home(path=home, role=Role.OFFICER, trial=False)))
        return made[-1]

    return make


def copied(source: Path, target: Path) -> None:
    import shutil  # noqa: PLC0415 - here alone

    shutil.copytree(source, target)
    target.chmod(0o700)
