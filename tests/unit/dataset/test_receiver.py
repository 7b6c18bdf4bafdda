"""Only an organisation that the policy names for the purpose is given anything; the key is the controller's own."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from overt.dataset import receiver as room
from overt.dataset.receiver import about_release, controller_signer
from overt.dataset.release import Receiver
from overt.errors import KeyAccessError, PolicyError
from overt.keys.consent_files import load_organisation
from overt.keys.founding import found_all_in_one
from overt.keys.passphrase import no_passphrase
from overt.policy.document import parse_policy
from overt.policy.purposes import Purpose
from overt.store.home import Home, Role, open_home

NAMED = """
[[recipients]]
name = "Example Research"
contact = "privacy@research.example"
country = "NL"
purposes = ["model_training"]
"""


@pytest.fixture
def admin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A trial's admin, whose policy names one recipient."""
    found_all_in_one(tmp_path / "home")
    home = open_home(tmp_path / "home", Role.ADMIN)
    known = load_organisation(home)
    policy = parse_policy(known.bundle.policy + NAMED)
    monkeypatch.setattr(room, "load_organisation", lambda _: SimpleNamespace(policy=policy, bundle=known.bundle))
    return home


def test_what_stays_in_the_house_names_the_controller_alone(admin: Home) -> None:
    about = about_release(admin, Purpose.MODEL_TRAINING, None)

    assert (about.receiver, bool(about.controller), bool(about.jurisdictions)) == (None, True, True)


def test_a_recipient_is_told_as_the_policy_names_it(admin: Home) -> None:
    about = about_release(admin, Purpose.MODEL_TRAINING, "Example Research")

    assert about.receiver == Receiver(name="Example Research", contact="privacy@research.example", country="NL")


@pytest.mark.parametrize(
    ("purpose", "to"), [(Purpose.MODEL_EVALUATION, "Example Research"), (Purpose.MODEL_TRAINING, "example research")]
)
def test_a_recipient_is_named_to_the_letter_and_for_this_purpose(admin: Home, purpose: Purpose, to: str) -> None:
    with pytest.raises(PolicyError, match="names no recipient"):
        about_release(admin, purpose, to)


def test_a_release_is_signed_with_the_key_that_the_bundle_names(
    admin: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert controller_signer(admin, no_passphrase).vkey == load_organisation(admin).bundle.admin
    found_all_in_one(tmp_path / "other")
    other = load_organisation(open_home(tmp_path / "other", Role.ADMIN))

    monkeypatch.setattr(room, "load_organisation", lambda _: other)

    with pytest.raises(KeyAccessError, match="not the one that its bundle names"):
        controller_signer(admin, no_passphrase)
