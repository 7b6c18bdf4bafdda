"""What people are told to do next, by each command, in four homes that cannot see each other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Overt = Callable[..., Any]
ROLES = ("admin", "officer", "employee", "vault")
GIVE = ("consent", "give", "--site", "google", "--signal", "text", "--purpose", "model_training", "--yes")


@pytest.fixture
def town(overt: Overt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Return what runs a command in the home of a role; a trial bundle is signed, and nobody has joined it."""
    secret = tmp_path / "passphrase"
    secret.write_text("correct horse\n")
    secret.chmod(0o600)
    monkeypatch.setenv("OVERT_PASSPHRASE_FILE", str(secret))
    (tmp_path / "trial.toml").write_text(overt("policy", "new", "--trial").out)

    def run(role: str, *words: object) -> Any:
        return overt(*words, "--home", tmp_path / role)

    for role in ROLES:
        run(role, "init", "--role", role, *(("--device-key", "passphrase") if role == "employee" else ()))
        (tmp_path / f"{role}.json").write_text(run(role, "keys", "list", "--json").out)
    lists = ("--keys", tmp_path / "officer.json", "--keys", tmp_path / "vault.json")
    signed = run("admin", "policy", "sign", tmp_path / "trial.toml", *lists, "--out", tmp_path / "bundle", "--json")
    (tmp_path / "vkey").write_text(signed.said["admin"])
    return run


@pytest.fixture
def joined(town: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    for role in ROLES[1:]:
        assert join(town, role, tmp_path).code == 0
    assert town("employee", *GIVE).code == 0
    return town


def join(town: Callable[..., Any], role: str, place: Path) -> Any:
    return town(role, "join", place / "bundle", "--admin-key", (place / "vkey").read_text())


@pytest.mark.parametrize("role", ["officer", "vault"])
def test_whoever_makes_a_home_is_led_to_join(town: Callable[..., Any], role: str) -> None:
    made = town("another", "init", "--role", role)

    assert "overt keys list --json" in made.out
    assert "overt join BUNDLE" in made.out


@pytest.mark.parametrize(
    ("role", "told"),
    [("officer", "overt audit cosign"), ("vault", "overt vault put"), ("employee", "overt consent notice")],
)
def test_whoever_has_joined_is_told_what_is_theirs_to_do(
    town: Callable[..., Any], tmp_path: Path, role: str, told: str
) -> None:
    assert told in join(town, role, tmp_path).out


def test_an_employee_is_told_to_send_before_recording_and_why(town: Callable[..., Any], tmp_path: Path) -> None:
    outcome = join(town, "employee", tmp_path)

    assert "before you first record, run overt shares send" in outcome.err
    assert "lost" in outcome.err


def test_where_the_vault_is_at_hand_nobody_is_told_to_send(town: Callable[..., Any], tmp_path: Path) -> None:
    outcome = town("employee", "join", tmp_path / "bundle", "--yes", "--vault", tmp_path / "vault")

    assert (outcome.code, "shares send" in outcome.err) == (0, False)


def test_a_mistyped_admin_key_is_no_fault_of_the_bundle(town: Callable[..., Any], tmp_path: Path) -> None:
    """It used to be said that the bundle was changed."""
    outcome = town("employee", "join", tmp_path / "bundle", "--admin-key", "admin-0a1b")

    assert outcome.code == 2
    assert "--admin-key" in outcome.err


def test_a_greeting_is_not_called_the_keys_of_0_episodes(joined: Callable[..., Any], tmp_path: Path) -> None:
    shares, receipt = tmp_path / "ann.shares", tmp_path / "ann.receipt"

    said = [
        joined("employee", "shares", "send", shares).out,
        joined("vault", "vault", "put", shares, "--out", receipt).out,
        joined("employee", "shares", "confirm", receipt).out,
    ]

    assert not [line for line in said if " 0 " in line]
    assert "the receipt tells the person where keys go" in said[1]
    assert "your home knows where the vault wants keys" in said[2]


def test_an_admin_is_not_told_to_give_the_admin_a_list(joined: Callable[..., Any]) -> None:
    """The admin's own new key needs a new bundle, and nobody else's help."""
    joined("admin", "keys", "rotate")
    joined("officer", "keys", "rotate")

    assert "sign a new one: overt policy sign" in joined("admin", "keys", "list").err
    assert "give the admin this list" in joined("officer", "keys", "list").err


def test_approving_nothing_asks_nothing(joined: Callable[..., Any]) -> None:
    """At a terminal it asked whether one had reviewed 0 episodes."""
    outcome = joined("employee", "episodes", "approve", "--all")

    assert (outcome.code, outcome.out) == (0, "nothing was left to approve\n")


@pytest.mark.usefixtures("joined")
def test_verify_in_another_home_does_not_ask_for_a_new_one(
    overt: Overt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It told an officer to make an employee's home."""
    monkeypatch.setenv("OVERT_HOME", str(tmp_path / "officer"))

    outcome = overt("verify")

    assert outcome.code == 9
    assert "overt verify PATH --device VKEY" in outcome.err


def test_a_log_is_shown_in_words_with_its_ids_whole(joined: Callable[..., Any]) -> None:
    joined("employee", "log", "heartbeat")

    shown = joined("employee", "log", "show")
    entries = joined("employee", "log", "show", "--json").said["entries"]

    grant = next(entry["grant"] for entry in entries if entry["type"] == "grant")
    assert grant in shown.out
    assert "{" not in shown.out


def test_a_key_that_is_none_is_not_a_log_that_was_rewritten(joined: Callable[..., Any], tmp_path: Path) -> None:
    """A slip in --log exits like a malformed key, and not like the proof of a crime."""
    joined("employee", "log", "heartbeat")
    joined("employee", "log", "offer", "--out", tmp_path / "offer")

    outcome = joined("officer", "audit", "cosign", tmp_path / "offer", "--out", tmp_path / "answer", "--log", "junk")

    assert outcome.code == 8
    assert not (tmp_path / "answer").exists()


@pytest.mark.parametrize("words", [("keys", "rotate"), ("vault", "put", "ann.shares", "--out", "ann.receipt")])
def test_the_keeper_types_one_passphrase_once_and_may_mistype_it(
    joined: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """It was asked for each key, and a slip ended the command."""
    monkeypatch.chdir(tmp_path)
    joined("employee", "shares", "send", "ann.shares")
    monkeypatch.delenv("OVERT_PASSPHRASE_FILE")
    monkeypatch.setattr("overt.cli.asking.at_terminal", lambda: True)
    typed = iter(["a slip", "correct horse"])
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: next(typed))

    outcome = joined("vault", *words)

    assert (outcome.code, list(typed)) == (0, [])
    assert "try again" in outcome.err


def test_an_empty_passphrase_file_is_named_once(joined: Callable[..., Any], tmp_path: Path) -> None:
    """The line used to say twice that there was no passphrase."""
    empty = tmp_path / "empty"
    empty.write_text("\n")
    empty.chmod(0o600)

    outcome = joined("employee", "log", "heartbeat", "--passphrase-file", empty)

    assert outcome.code == 6
    assert f"the first line of the passphrase file {empty} is empty" in outcome.err
    assert "no passphrase" not in outcome.err


def test_after_a_check_and_a_signature_the_next_step_is_told(town: Callable[..., Any], tmp_path: Path) -> None:
    """Found on review: who had signed a policy was not told that everybody has to join it."""
    lists = ("--keys", tmp_path / "officer.json", "--keys", tmp_path / "vault.json")

    checked = town("admin", "policy", "show", tmp_path / "trial.toml")
    signed = town("admin", "policy", "sign", tmp_path / "trial.toml", *lists, "--out", tmp_path / "again")

    assert checked.code == 0
    assert f"next, give it to everybody: overt join {tmp_path / 'again'}" in signed.err
