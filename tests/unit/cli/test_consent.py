"""``overt consent`` as a person types it: three layers, a yes and a no of equal length, receipts that travel."""

import io
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest

from overt.cli.app import overt as program
from overt.consent.comprehension import QUESTIONS, questions

Overt = Callable[..., Any]
GIVE = ("consent", "give", "--site", "google", "--signal", "text", "--purpose", "model_training")
RIGHT = [question.right for question in QUESTIONS]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return what types some lines at a terminal."""

    def types(*lines: object) -> None:
        monkeypatch.setattr("sys.stdin", Terminal("".join(f"{line}\n" for line in lines)))

    return types


def tree(path: Path) -> dict[str, bytes]:
    return {str(each.relative_to(path)): each.read_bytes() for each in sorted(path.rglob("*")) if each.is_file()}


def test_the_layers_make_up_the_notice(overt: Overt) -> None:
    overt("init", "--all-in-one")

    whole = overt("consent", "notice", "--json").said["notice"]
    layers = [overt("consent", "notice", "--layer", number, "--json").said["notice"] for number in (1, 2, 3)]

    assert ("\n" + "=" * 72 + "\n").join(layers) == whole
    assert overt("consent", "notice", "--summary").out == overt("consent", "notice", "--layer", 1).out
    assert overt("consent", "notice", "--layer", 1).out.count("\n") <= 24


def test_each_language_has_its_own_hash(overt: Overt) -> None:
    overt("init", "--all-in-one")

    english, german = (overt("consent", "notice", "--lang", language, "--json").said for language in ("en", "de"))

    assert german["language"] == "de"
    assert german["notice"].startswith("AUFZEICHNUNG")
    assert german["sha256"] != english["sha256"]


@pytest.mark.parametrize("number", [0, 4])
def test_there_are_three_layers(overt: Overt, number: int) -> None:
    overt("init", "--all-in-one")

    assert overt("consent", "notice", "--layer", number).code == 2


def test_a_german_notice_is_asked_about_in_german(overt: Overt, answer: Callable[..., None]) -> None:
    overt("init", "--all-in-one")
    answer("y", "", "", "y", *[""] * 4, "y", "", 12, *RIGHT, "y")

    outcome = overt("consent", "give", "--lang", "de", "--json")

    assert outcome.code == 0, outcome.err
    assert "AUFZEICHNUNG IHRER ARBEIT IM BROWSER" in outcome.err
    assert "Signal moves: der Weg des Zeigers" in outcome.err
    assert "Einschalten? (y: ja, n: nein)" in outcome.err
    assert all(question.text in outcome.err for question in questions("de"))
    assert "Sie haben eingeschaltet: google; text; für model_training; für 12 Tage." in outcome.err
    assert not [question.text for question in QUESTIONS if question.text in outcome.err]


def test_no_and_yes_are_one_word_each(overt: Overt) -> None:
    overt("init", "--all-in-one")
    group = program.get_command(click.Context(program), "consent")
    assert isinstance(group, click.Group)
    context = click.Context(group)
    yes, no = (group.get_command(context, name) for name in ("give", "decline"))
    assert yes is not None
    assert no is not None

    assert [parameter.name for parameter in no.params if parameter.required] == []
    assert len(no.params) <= len(yes.params)
    assert overt("consent", "decline").code == 0


def test_a_no_asks_nothing_and_is_seen_by_nobody(overt: Overt, answer: Callable[..., None], tmp_path: Path) -> None:
    overt("init", "--all-in-one")
    before = tree(tmp_path / "home")
    answer()

    outcome = overt("consent", "decline", "--json")

    after = tree(tmp_path / "home")
    assert outcome.code == 0
    assert outcome.said == {"status": "ConsentUnknown", "in_force": False, "may_be_asked": False}
    assert {name for name in after if after.get(name) != before.get(name)} == {"employee/consent/quiet-until.txt"}
    assert before.keys() <= after.keys()


def test_a_no_after_a_yes_says_that_the_yes_still_stands(overt: Overt) -> None:
    overt("init", "--all-in-one")
    overt(*GIVE, "--yes")

    outcome = overt("consent", "decline")

    assert "still stands; take it back with: overt consent withdraw" in outcome.out
    assert overt("consent", "status", "--json").said["in_force"]


def test_after_a_withdrawal_a_no_speaks_of_no_consent(overt: Overt) -> None:
    overt("init", "--all-in-one")
    overt(*GIVE, "--yes")
    overt("consent", "withdraw")

    assert "still stands" not in overt("consent", "decline").out


def test_the_status_says_whether_anybody_may_ask(overt: Overt) -> None:
    overt("init", "--all-in-one")

    before = overt("consent", "status", "--json").said["may_be_asked"]
    overt("consent", "decline")

    assert before
    assert not overt("consent", "status", "--json").said["may_be_asked"]


def test_what_is_answered_is_kept_nowhere(overt: Overt, answer: Callable[..., None], tmp_path: Path) -> None:
    canaries = ("heliotrope-canary", "7345127", "periwinkle")
    overt("init", "--all-in-one")
    wrong = [each.right % len(each.answers) + 1 for each in QUESTIONS]
    tries = [word for each, miss in zip(QUESTIONS, wrong, strict=True) for word in (*canaries, miss, miss, each.right)]
    answer(*tries, "y")

    outcome = overt(*GIVE, "--json")

    kept = b"".join(tree(tmp_path).values()) + "".join(str(path) for path in tmp_path.rglob("*")).encode()
    assert outcome.code == 0, outcome.err
    assert outcome.err.count("Not quite") == 2 * len(QUESTIONS)
    assert [word for word in canaries if word.encode() in kept] == []
    assert b"attempts" not in kept
    assert not any(each.text.encode() in kept or each.because.encode() in kept for each in QUESTIONS)


def test_however_often_somebody_errs_the_record_says_the_same(
    overt: Overt, answer: Callable[..., None], tmp_path: Path
) -> None:
    def comprehension(home: Path, *typed: object) -> object:
        overt("init", "--all-in-one", "--home", home)
        answer(*typed, "y")
        overt(*GIVE, "--home", home)
        record = json.loads(overt("consent", "receipt", "--json", "--home", home).said["grant"].partition("\n")[0])
        return record["dpv:hasConsentStatus"][0]["rec:comprehension"]

    at_once = comprehension(tmp_path / "at-once", *RIGHT)
    at_last = comprehension(tmp_path / "at-last", *(3, 1, 3, 1), *RIGHT)

    assert at_once == at_last == {"rec:passed": True, "rec:version": "1"}


def test_a_trial_without_questions_does_not_claim_them(overt: Overt) -> None:
    overt("init", "--all-in-one")
    overt(*GIVE, "--yes")

    record = json.loads(overt("consent", "receipt", "--json").said["grant"].partition("\n")[0])

    assert "rec:comprehension" not in record["dpv:hasConsentStatus"][0]


def test_a_receipt_is_written_and_checked_with_nothing_at_hand(
    overt: Overt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overt("init", "--all-in-one")
    given = overt(*GIVE, "--yes", "--json").said["grant"]
    file = tmp_path / "receipt.json"
    written = overt("consent", "receipt", "--out", file)
    monkeypatch.setenv("OVERT_HOME", str(tmp_path / "nowhere"))

    checked = overt("consent", "receipt", "--check", file, "--json")

    assert (written.code, checked.code) == (0, 0), checked.err
    assert checked.said["grant"] == given
    assert checked.said["controller"] == "Trial on this computer"
    assert checked.said["countersigned_at"] is not None
    assert "compare both keys" in overt("consent", "receipt", "--check", file).out


def test_a_receipt_that_was_changed_is_not_sound(overt: Overt, tmp_path: Path) -> None:
    overt("init", "--all-in-one")
    overt(*GIVE, "--yes")
    file = tmp_path / "receipt.json"
    overt("consent", "receipt", "--out", file)
    file.write_text(file.read_text().replace('"P30D"', '"P31D"'))

    outcome = overt("consent", "receipt", "--check", file)

    assert outcome.code == 4
    assert outcome.out == ""


def test_a_receipt_is_held_against_the_shapes(overt: Overt, tmp_path: Path) -> None:
    pytest.importorskip("pyshacl", reason="the extra audit is not installed: no shapes are looked at")
    overt("init", "--all-in-one")
    overt(*GIVE, "--yes")
    file = tmp_path / "receipt.json"
    overt("consent", "receipt", "--out", file)

    outcome = overt("consent", "receipt", "--check", file, "--shacl", "--json")

    assert outcome.code == 0, outcome.err
    assert outcome.said["shapes"] == []
    assert overt("consent", "receipt", "--check", file, "--json").said["shapes"] is None


def test_what_the_shapes_find_is_told_and_ends_in_an_error(
    overt: Overt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overt("init", "--all-in-one")
    overt(*GIVE, "--yes")
    file = tmp_path / "receipt.json"
    overt("consent", "receipt", "--out", file)
    monkeypatch.setattr("overt.cli.consent.shape_problems", lambda _: ("a record has no notice",))

    outcome = overt("consent", "receipt", "--check", file, "--shacl")

    assert outcome.code == 1
    assert "shapes: a record has no notice" in outcome.out
    assert "in 1 places" in outcome.err


def test_shapes_need_a_receipt_to_look_at(overt: Overt) -> None:
    assert overt("consent", "receipt", "--shacl").code == 2


def separate(overt: Overt, tmp_path: Path) -> tuple[Path, Path]:
    """Make a trial, and an employee elsewhere who joined its organisation; return that home and their receipt."""
    overt("init", "--all-in-one")
    person, secret = tmp_path / "person", tmp_path / "secret"
    secret.write_text("a few long words\n")
    secret.chmod(0o600)
    overt("init", "--role", "employee", "--home", person, "--device-key", "passphrase", "--passphrase-file", secret)
    overt("join", tmp_path / "home/employee/bundle.note", "--yes", "--home", person)
    given = overt(*GIVE, "--yes", "--home", person, "--passphrase-file", secret)
    assert given.code == 0, given.err
    receipt = tmp_path / "receipt.json"
    assert overt("consent", "receipt", "--out", receipt, "--home", person).code == 0
    return person, receipt


def test_a_receipt_travels_to_the_admin_and_back(overt: Overt, tmp_path: Path) -> None:
    person, receipt = separate(overt, tmp_path)
    back = tmp_path / "back.json"
    before = overt("consent", "status", "--home", person, "--json").said

    signed = overt("consent", "countersign", receipt, "--out", back, "--json")
    accepted = overt("consent", "accept", back, "--home", person, "--json")

    after = overt("consent", "status", "--home", person, "--json").said
    assert (signed.code, accepted.code) == (0, 0), signed.err + accepted.err
    assert signed.said["grant"] == accepted.said["grant"] == before["grant"]["id"]
    assert before["countersigned_at"] is None
    assert after["countersigned_at"] == accepted.said["countersigned_at"] is not None
    assert (before["status"], before["in_force"]) == (after["status"], after["in_force"]) == ("ConsentGiven", True)
    assert "not yet" in overt("consent", "receipt", "--check", receipt).out


def test_a_receipt_that_nobody_countersigned_is_not_accepted(overt: Overt, tmp_path: Path) -> None:
    person, receipt = separate(overt, tmp_path)

    outcome = overt("consent", "accept", receipt, "--home", person)

    assert outcome.code == 4
    assert "overt consent countersign" in outcome.err


def test_the_controller_may_end_a_consent_and_the_person_sees_who_did(overt: Overt, tmp_path: Path) -> None:
    person, receipt = separate(overt, tmp_path)
    note = tmp_path / "ended.note"

    ended = overt("consent", "revoke", receipt, "--out", note)
    accepted = overt("consent", "accept", note, "--home", person, "--json")

    said = overt("consent", "status", "--home", person)
    assert (ended.code, accepted.code) == (0, 0), ended.err + accepted.err
    assert accepted.said["revoked"]
    assert said.out.startswith("ConsentRevoked: nothing may be recorded, for your organisation has ended your consent")


@pytest.mark.parametrize("words", [("consent", "countersign"), ("consent", "revoke")], ids=" ".join)
def test_only_an_admin_speaks_for_the_controller(overt: Overt, tmp_path: Path, words: tuple[str, str]) -> None:
    person, receipt = separate(overt, tmp_path)

    outcome = overt(*words, receipt, "--out", tmp_path / "out", "--home", person)

    assert outcome.code == 9
    assert not (tmp_path / "out").exists()


def test_the_status_says_what_changed(overt: Overt, tmp_path: Path) -> None:
    overt("init", "--all-in-one")
    overt(*GIVE, "--yes")
    policy = tmp_path / "policy.toml"
    policy.write_text(
        overt("policy", "new", "--trial").out.replace("daily_cap_minutes = 120", "daily_cap_minutes = 60")
    )
    overt("policy", "sign", policy, "--out", tmp_path / "new.bundle")
    overt("join", tmp_path / "new.bundle", "--yes", "--home", tmp_path / "home/employee")

    outcome = overt("consent", "status")

    assert outcome.out.startswith("ConsentInvalidated: ")
    assert "changed   the notice, the policy\n" in outcome.out
    assert overt("consent", "status", "--json").said["changed"] == ["the notice", "the policy"]


def test_a_consent_that_ends_soon_says_how_to_renew_it(overt: Overt) -> None:
    overt("init", "--all-in-one")
    soon, late = overt(*GIVE, "--yes", "--days", 3), overt("consent", "status", "--json")

    assert "renew it with overt consent give" in soon.out
    assert late.said["renewal_due"]


def test_withdrawing_twice_says_when_it_was_and_that_nothing_is_left_to_do(overt: Overt) -> None:
    """Found on review: the second withdrawal said that there was no consent to withdraw."""
    overt("init", "--all-in-one")
    overt(*GIVE, "--yes")
    first = overt("consent", "withdraw", "--json")

    second = overt("consent", "withdraw")
    facts = overt("consent", "withdraw", "--json").said

    assert (first.code, second.code) == (0, 0)
    assert first.said["withdrawn_before"] is None
    assert f"already withdrawn on {facts['withdrawn_before']}; nothing is left to do" in second.out
    assert facts["withdrawn"] == []


def test_without_a_consent_there_is_nothing_to_withdraw(overt: Overt) -> None:
    overt("init", "--all-in-one")

    outcome = overt("consent", "withdraw")

    assert outcome.code == 0
    assert outcome.out.startswith("there was no consent to withdraw")


@pytest.mark.parametrize(
    ("later", "days", "line"),
    [
        (timedelta(days=9, seconds=-60), 1, "(1 day left)"),
        (timedelta(days=9, seconds=60), 0, "(less than a day left)"),
        (timedelta(days=11), 0, "until"),
    ],
)
def test_the_status_says_how_many_days_are_left_and_that_renewal_is_due(
    overt: Overt, monkeypatch: pytest.MonkeyPatch, later: timedelta, days: int, line: str
) -> None:
    overt("init", "--all-in-one")
    overt(*GIVE, "--yes", "--days", 10)
    monkeypatch.setattr("overt.cli.consent.now", lambda: datetime.now(UTC) + later)

    shown, facts = overt("consent", "status").out, overt("consent", "status", "--json").said

    assert line in shown
    assert (facts["days_left"], facts["renewal_due"]) == (days, True)
    assert ("renewal is due" in shown) == (later < timedelta(days=10))


def test_a_consent_that_was_taken_away_is_missed_by_the_next(overt: Overt, tmp_path: Path) -> None:
    """Found on review: each grant named the hash of the one before it, and nobody looked."""
    overt("init", "--all-in-one")
    overt(*GIVE, "--yes")
    (first,) = (tmp_path / "home/employee/consent/grants").glob("*.note")
    time.sleep(1.1)
    second = overt(*GIVE, "--yes", "--json").said["grant"]["id"]
    whole = overt("consent", "status", "--json").said["gaps"]
    first.unlink()

    outcome = overt("consent", "status")

    assert whole == []
    assert f"a consent that came before {second} is missing" in outcome.out
