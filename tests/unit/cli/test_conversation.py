"""At a terminal: every switch is asked for by itself, and questions come back until they are understood."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from overt.cli.asking import wrapped
from overt.consent.comprehension import QUESTIONS

Overt = Callable[..., Any]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what types some lines at a terminal."""

    def types(*lines: object) -> None:
        monkeypatch.setattr("sys.stdin", Terminal("".join(f"{line}\n" for line in lines)))

    return types


RIGHT = [question.right for question in QUESTIONS]


def test_everything_is_off_until_it_is_switched_on(overt: Overt, answer: Callable[..., None]) -> None:
    overt("init", "--all-in-one")
    answer("y", "", "n", "y", *[""] * 4, "y", "", 12, *RIGHT, "y")

    outcome = overt("consent", "give", "--json")

    assert outcome.code == 0, outcome.err
    grant = outcome.said["grant"]
    assert (grant["sites"], grant["signals"], grant["purposes"]) == (["google"], ["text"], ["model_training"])
    assert grant["expires_at"][:10] == (datetime.fromisoformat(grant["given_at"]) + timedelta(days=12)).isoformat()[:10]
    assert "signal moves: the way of the pointer" in outcome.err
    assert "You switched on: google; text; for model_training; for 12 days." in outcome.err


def test_enter_at_every_switch_consents_to_nothing(overt: Overt, answer: Callable[..., None], tmp_path: Path) -> None:
    overt("init", "--all-in-one")
    answer(*[""] * 10)

    outcome = overt("consent", "give", "--json")

    assert outcome.code == 0
    assert outcome.said == {"status": "ConsentUnknown", "in_force": False, "grant": None, "may_be_asked": True}
    assert list((tmp_path / "home/employee/consent/grants").iterdir()) == []


def test_a_wrong_answer_is_explained_and_asked_again_and_never_kept(
    overt: Overt, answer: Callable[..., None], tmp_path: Path
) -> None:
    overt("init", "--all-in-one")
    first = QUESTIONS[0]
    wrong = first.right % len(first.answers) + 1
    answer(wrong, wrong, *RIGHT, "y")

    outcome = overt("consent", "give", "--site", "google", "--signal", "text", "--purpose", "model_training")

    assert outcome.code == 0, outcome.err
    assert outcome.err.count(f"Not quite: {first.because}.") == 2
    kept = b"".join(path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
    assert first.text.encode() not in kept
    assert b"attempts" not in kept


def test_a_no_at_the_end_is_no_error_and_leaves_no_trace(
    overt: Overt, answer: Callable[..., None], tmp_path: Path
) -> None:
    overt("init", "--all-in-one")
    answer(*RIGHT, "n")

    before = sorted((tmp_path / "home").rglob("*"))

    outcome = overt("consent", "give", "--site", "google", "--signal", "text", "--purpose", "model_training")

    assert outcome.code == 0
    assert sorted((tmp_path / "home").rglob("*")) == before
    assert "you gave no consent" in outcome.err
    assert list((tmp_path / "home/employee/consent/grants").iterdir()) == []


def test_a_passphrase_is_asked_for_twice_when_it_is_new(
    overt: Overt, answer: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["weak", "weak", "two of them", "differing", "three of them", "three of them"])
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: next(answers))
    answer()

    outcome = overt("init", "--role", "officer", "--home", tmp_path / "officer")

    assert outcome.code == 0, outcome.err
    assert "too short" in outcome.err
    assert "do not match" in outcome.err
    assert "three of them" not in outcome.err + outcome.out


def test_a_typo_in_the_passphrase_does_not_bring_the_questions_back(
    overt: Overt, answer: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, secret = tmp_path / "home", tmp_path / "secret"
    secret.write_text("the right one\n")
    secret.chmod(0o600)
    overt("init", "--role", "employee", "--device-key", "passphrase", "--passphrase-file", secret)
    overt("init", "--all-in-one", "--home", tmp_path / "trial")
    overt("join", tmp_path / "trial/employee/bundle.note", "--yes", "--home", home)
    typed = iter(["the rigth one", "the right one"])
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _: next(typed))
    answer(*RIGHT, "y")

    outcome = overt("consent", "give", "--site", "google", "--signal", "text", "--purpose", "model_training")

    assert outcome.code == 0, outcome.err
    assert "wrong passphrase; try again" in outcome.err
    assert len(list((home / "consent/grants").iterdir())) == 1


def test_lines_break_between_words_at_a_narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "- one two three four five six\n\nseven-eight nine"
    monkeypatch.setenv("COLUMNS", "20")

    assert wrapped(text, Terminal()) == "- one two three four\n  five six\n\nseven-eight nine"
    assert wrapped(text, io.StringIO()) == text


def test_what_the_law_wants_said_is_shown_before_anything_is_agreed_to(
    overt: Overt, answer: Callable[..., None], tmp_path: Path
) -> None:
    """Found on review: the sentence of New York stood in a layer that nobody had to open."""
    policy = overt("policy", "new", "--trial").out.replace('["EU"]', '["EU", "US-NY"]')
    (tmp_path / "policy.toml").write_text(policy)
    overt("init", "--all-in-one")
    signed = overt("policy", "sign", tmp_path / "policy.toml", "--out", tmp_path / "bundle", "--json").said
    for role in ("employee", "officer", "vault"):
        overt("join", tmp_path / "bundle", "--admin-key", signed["admin"], "--home", tmp_path / "home" / role)
    answer(*RIGHT, "n")

    outcome = overt("consent", "give", "--site", "google", "--signal", "text", "--purpose", "model_training")

    assert "any and all telephone conversations" in " ".join(outcome.err.split())
    assert outcome.err.index("any and all") < outcome.err.index(QUESTIONS[0].text.splitlines()[0][:20])
