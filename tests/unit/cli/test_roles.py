"""Four people, four homes: what each makes, and what passes between them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

Overt = Callable[..., Any]

FILLED_IN = """
[documents.dpia]
reference = "DPIA 7"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
approved_by = "the data protection officer"
approved_on = 2026-11-01
review_by = 2027-11-01

[notice]
legal_basis = "consent"
transfers = "none"
authority = "the authority"
"""


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text("correct horse\nanother line\n")
    file.chmod(0o600)
    return file


@pytest.fixture
def homes(overt: Overt, tmp_path: Path, secret: Path) -> dict[str, Path]:
    paths = {role: tmp_path / role for role in ("admin", "officer", "employee", "vault")}
    for role, path in paths.items():
        extra = ("--device-key", "passphrase") if role == "employee" else ()
        assert overt("init", "--role", role, "--home", path, "--passphrase-file", secret, *extra).code == 0
    return paths


def listed(overt: Overt, home: Path, to: Path) -> Path:
    to.write_text(overt("keys", "list", "--home", home, "--json").out)
    return to


@pytest.fixture
def signed(
    overt: Overt, tmp_path: Path, homes: dict[str, Path], secret: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, str]:
    """Return the bundle of a real organisation, and its admin's key."""
    monkeypatch.setattr("overt.cli.policy.now", lambda: datetime(2026, 12, 1, tzinfo=UTC))
    policy = tmp_path / "policy.toml"
    policy.write_text(overt("policy", "new", "--name", "Acme", "--contact", "a@acme.example").out + FILLED_IN)
    keys = [listed(overt, homes[role], tmp_path / f"{role}.json") for role in ("officer", "vault")]
    words = ("--keys", keys[0], "--keys", keys[1], "--home", homes["admin"], "--passphrase-file", secret)
    outcome = overt("policy", "sign", policy, *words, "--out", tmp_path / "acme.bundle", "--json")
    assert outcome.code == 0, outcome.err
    return tmp_path / "acme.bundle", outcome.said["admin"]


def test_an_employee_joins_with_the_key_that_they_were_told(
    overt: Overt, homes: dict[str, Path], signed: tuple[Path, str]
) -> None:
    bundle, admin = signed

    outcome = overt("join", bundle, "--admin-key", admin, "--home", homes["employee"], "--json")

    assert outcome.code == 0
    assert (outcome.said["controller"], outcome.said["serial"], outcome.said["trial"]) == ("Acme", 1, False)


def test_nobody_at_the_terminal_trusts_no_unknown_admin(
    overt: Overt, homes: dict[str, Path], signed: tuple[Path, str]
) -> None:
    outcome = overt("join", signed[0], "--home", homes["employee"])

    assert outcome.code == 2
    assert overt("join", signed[0], "--home", homes["employee"], "--yes").code == 0


def test_a_bundle_that_was_changed_on_its_way_is_not_joined(
    overt: Overt, homes: dict[str, Path], signed: tuple[Path, str]
) -> None:
    bundle, admin = signed
    bundle.write_text(bundle.read_text().replace("retention_days = 90", "retention_days = 89"))

    outcome = overt("join", bundle, "--admin-key", admin, "--home", homes["employee"])

    assert outcome.code == 5
    assert "changed" in outcome.err


def test_under_a_real_policy_the_questions_cannot_be_skipped(
    overt: Overt, homes: dict[str, Path], signed: tuple[Path, str]
) -> None:
    bundle, admin = signed
    overt("join", bundle, "--admin-key", admin, "--home", homes["employee"])
    words = ("--site", "google", "--signal", "text", "--purpose", "model_training", "--yes")

    outcome = overt("consent", "give", *words, "--home", homes["employee"])

    assert outcome.code == 2
    assert "trial policy only" in outcome.err


@pytest.mark.parametrize(
    ("passphrase", "said"), [("wrong\n", "wrong passphrase"), ("\n", "empty"), (None, "no such file")]
)
def test_a_wrong_passphrase_is_exit_code_6(
    overt: Overt, homes: dict[str, Path], tmp_path: Path, passphrase: str | None, said: str
) -> None:
    file = tmp_path / "other"
    if passphrase is not None:
        file.write_text(passphrase)
        file.chmod(0o600)

    outcome = overt("keys", "rotate", "--home", homes["vault"], "--passphrase-file", file)

    assert outcome.code == 6
    assert said in outcome.err


def test_a_passphrase_file_that_others_may_read_is_refused(overt: Overt, homes: dict[str, Path], secret: Path) -> None:
    secret.chmod(0o644)

    outcome = overt("keys", "rotate", "--home", homes["vault"], "--passphrase-file", secret)

    assert outcome.code == 6
    assert "open to other users" in outcome.err


def test_the_passphrase_file_may_be_named_in_the_environment(
    overt: Overt, homes: dict[str, Path], secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERT_PASSPHRASE_FILE", str(secret))

    assert overt("keys", "rotate", "--home", homes["vault"], "--json").said == {"epoch": 2}
    assert overt("keys", "rotate", "--home", homes["vault"], "--json").said == {"epoch": 3}


def test_another_roles_home_is_exit_code_9(overt: Overt, homes: dict[str, Path]) -> None:
    outcome = overt("consent", "status", "--home", homes["officer"])

    assert outcome.code == 9
    assert "for the officer, not for the employee" in outcome.err


def test_no_list_of_keys_shows_a_secret(overt: Overt, homes: dict[str, Path]) -> None:
    shown = [overt("keys", "list", "--home", home, "--json") for home in homes.values()]

    assert all("SECRET" not in each.out for each in shown)
    assert {entry["kept"] for each in shown for entry in json.loads(each.out)["keys"]} == {"passphrase"}
