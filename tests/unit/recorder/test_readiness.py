"""What can be looked at without a desktop: may the policy be recorded under at all, and now?"""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from overt.keys.bundles import PublicKeys, join, sign_policy
from overt.keys.founding import found_all_in_one
from overt.keys.passphrase import no_passphrase
from overt.keys.sign import claimed_admin
from overt.policy.templates import trial_policy_text
from overt.recorder import readiness
from overt.recorder.usage import NS_PER_MINUTE, DayUse, write_use
from overt.store.home import Home, Role, open_home
from overt.subject.consenting import Choice, give

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
"""A Friday."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Make a trial in whose policy only Fridays are open, on a machine in UTC, with consent."""
    monkeypatch.setattr(readiness, "diagnose", list)
    monkeypatch.setattr(readiness, "_machine", lambda: iter(()))
    made = found_all_in_one(tmp_path / "trial")
    admin, officer, vault = (open_home(tmp_path / "trial", role) for role in (Role.ADMIN, Role.OFFICER, Role.VAULT))
    fridays = '\n[[schedule]]\ndays = ["fri"]\nbegin = "00:00"\nend = "24:00"\n'
    keys = PublicKeys.of_homes(officer=officer, vault=vault)
    note = sign_policy(admin, trial_policy_text() + fridays, keys, no_passphrase)
    join(made, note, claimed_admin(note))
    choice = Choice(sites=("google",), signals=("text",), purposes=("model_training",), days=9)
    give(made, choice, no_passphrase, NOON)
    return made


def limits(home: Home, at: datetime) -> str:
    """Return what is wrong with the limits, or nothing."""
    (check,) = [each for each in readiness.examine(lambda: home, at) if each.name == "limits"]
    return "" if check.ok else check.detail


def test_the_hours_are_told_before_a_recording(home: Home) -> None:
    told = [limits(home, NOON.replace(day=day)) for day in (2, 4)]

    assert told == ["", "the policy permits no recording at this hour"]


def test_a_day_that_is_used_up_is_told_before_a_recording(home: Home) -> None:
    write_use(home, DayUse(day=NOON.date(), armed_ns=120 * NS_PER_MINUTE))

    assert limits(home, NOON) == "the 120 minutes of today are used up"


def test_a_missing_consent_is_told_once(home: Home) -> None:
    next(home.grants_directory.glob("*.note")).unlink()

    checks = readiness.examine(lambda: home, NOON)

    assert [each.name for each in checks if not each.ok] == ["consent"]
