"""Whatever happens to what was agreed to, in the middle of a recording: seen at the next look, and named."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from overt.consent.grant import Grant
from overt.events.verdict import EndReason
from overt.keys.bundles import PublicKeys, join, sign_policy
from overt.keys.consent_files import load_organisation
from overt.keys.countersigning import revoke
from overt.keys.founding import found_all_in_one
from overt.keys.passphrase import no_passphrase
from overt.keys.sign import claimed_admin
from overt.policy.effective import effective
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.templates import trial_policy_text
from overt.recorder import standing
from overt.recorder.standing import LOOK_NS, Standing
from overt.recorder.warrant import Clocks, ConsentWarrant
from overt.store.home import Home, Role, open_home
from overt.subject.consenting import Choice, give
from overt.subject.receipt import accept_revocation, receipt_file
from overt.subject.withdrawing import withdraw

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
CHOICE = Choice(sites=("google",), signals=("text",), purposes=("model_training",), days=1)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return found_all_in_one(tmp_path / "trial")


@pytest.fixture
def grant(home: Home) -> Grant:
    return give(home, CHOICE, no_passphrase, NOON)


def a_role(home: Home, role: Role) -> Home:
    return open_home(home.path.parent, role)


def sign_another(home: Home, was: str, now: str) -> None:
    """Let the admin sign the policy with *now* instead of *was*, and the employee join it."""
    keys = PublicKeys.of_homes(officer=a_role(home, Role.OFFICER), vault=a_role(home, Role.VAULT))
    assert was in trial_policy_text()
    note = sign_policy(a_role(home, Role.ADMIN), trial_policy_text().replace(was, now), keys, no_passphrase)
    join(home, note, claimed_admin(note))


def new_bundle(home: Home) -> None:
    sign_another(home, "daily_cap_minutes = 120", "daily_cap_minutes = 119")


def law_takes_text_away(home: Home) -> None:
    sign_another(home, 'jurisdictions = ["EU"]', 'jurisdictions = ["DE"]')


def revoked(home: Home) -> None:
    _, note = revoke(a_role(home, Role.ADMIN), receipt_file(home, NOON), no_passphrase, NOON)
    accept_revocation(home, note)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)


def broken_grant(home: Home) -> None:
    flip(next(home.grants_directory.glob("*.note")))


def broken_grant_with_its_old_time(home: Home) -> None:
    path = next(home.grants_directory.glob("*.note"))
    before = path.stat()
    flip(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def lost_grant(home: Home) -> None:
    next(home.grants_directory.glob("*.note")).unlink()


def broken_bundle(home: Home) -> None:
    flip(home.bundle_path)


def lost_bundle(home: Home) -> None:
    home.bundle_path.unlink()


def another_admin(home: Home) -> None:
    home.admin_key_path.write_text(load_organisation(home).recipients.vault)


def another_device(home: Home) -> None:
    next(home.keys_directory.glob("device*.pub")).write_text("nobody+00000000+AAAA")


def another_grant(home: Home) -> None:
    give(home, CHOICE, no_passphrase, NOON + timedelta(seconds=1))


FAULTS: list[tuple[Callable[[Home], object], EndReason]] = [
    (lambda home: withdraw(home, NOON), EndReason.WITHDRAWN),
    (revoked, EndReason.REVOKED),
    (new_bundle, EndReason.CHANGED),
    (law_takes_text_away, EndReason.CHANGED),
    (another_grant, EndReason.CHANGED),
    (broken_grant, EndReason.INVALID),
    (broken_grant_with_its_old_time, EndReason.INVALID),
    (lost_grant, EndReason.INVALID),
    (broken_bundle, EndReason.INVALID),
    (lost_bundle, EndReason.INVALID),
    (another_admin, EndReason.INVALID),
    (another_device, EndReason.INVALID),
]


@pytest.mark.parametrize(("fault", "reason"), FAULTS, ids=lambda each: getattr(each, "__name__", str(each)))
def test_every_fault_is_seen_at_the_next_look_and_named(
    home: Home, grant: Grant, fault: Callable[[Home], object], reason: EndReason
) -> None:
    ns = [0]
    lawful = effective(load_organisation(home).policy, PROFILES, NOON.date())
    clocks = Clocks(wall=lambda: NOON + timedelta(seconds=2), running=lambda: ns[0], local=lambda at: at)
    warrant = ConsentWarrant(home=home, grant=grant, lawful=lawful, clocks=clocks, minutes=None)
    before = warrant(0)

    fault(home)
    ns[0] += LOOK_NS

    assert before is None
    assert warrant(0) is reason
    assert warrant(0) is reason, "the answer stays"


def test_what_does_not_change_is_not_proven_again_at_every_look(
    home: Home, grant: Grant, monkeypatch: pytest.MonkeyPatch
) -> None:
    proofs: list[Home] = []
    load = standing.load_organisation
    monkeypatch.setattr(standing, "load_organisation", lambda each: (proofs.append(each), load(each))[1])
    made = Standing(home, grant)

    answers = {made(NOON, look * LOOK_NS) for look in range(150)}
    once = len(proofs)
    made(NOON, 151 * LOOK_NS)

    assert answers == {None}
    assert (once, len(proofs)) == (1, 2), "every 30 s all the same"


def test_a_day_on_which_the_law_permits_nothing_is_named(
    home: Home, grant: Grant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bundle is the same; the profiles that this version of Overt knows are not."""
    made = Standing(home, grant)
    everything = frozenset(load_organisation(home).policy.signals)
    union = PROFILES["EU"]
    strict = replace(union, rules=replace(union.rules, signals_off=everything))
    monkeypatch.setattr("overt.keys.consent_files.PROFILES", {**PROFILES, "EU": strict})

    assert made(NOON, 0) is EndReason.LAW


def test_between_two_looks_nothing_is_looked_at(home: Home, grant: Grant) -> None:
    made = Standing(home, grant)
    first = made(NOON, 0)
    lost_bundle(home)

    answers = [made(NOON, ns) for ns in (1, LOOK_NS - 1, LOOK_NS)]

    assert first is None
    assert answers == [None, None, EndReason.INVALID]


@pytest.mark.parametrize(
    ("ends", "reason"),
    [(lambda home: withdraw(home, NOON), EndReason.WITHDRAWN), (revoked, EndReason.REVOKED), (id, EndReason.EXPIRED)],
    ids=["withdrawn", "revoked", "expired"],
)
def test_each_end_of_a_grant_has_its_own_name(
    home: Home, grant: Grant, ends: Callable[[Home], object], reason: EndReason
) -> None:
    made = Standing(home, grant)

    ends(home)

    assert made(grant.expires_at if reason is EndReason.EXPIRED else NOON, 0) is reason
