"""``overt policy``: a policy is written, checked, shown, compared and signed; what the law asks for is said."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

Overt = Callable[..., Any]

NEW = ("policy", "new", "--name", "Acme", "--contact", "a@acme.example")


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask on a day on which every profile is believed."""
    monkeypatch.setattr("overt.cli.policy.now", lambda: datetime(2026, 12, 1, tzinfo=UTC))


@pytest.fixture
def written(overt: Overt, tmp_path: Path) -> Callable[..., Path]:
    """Return a maker of a policy file for some places, with some texts replaced."""

    def make(name: str, *places: str, **changes: str) -> Path:
        words = [word for place in places for word in ("--jurisdiction", place)]
        text = overt(*NEW, *words).out
        for entry, value in changes.items():
            text = re.sub(rf"(?m)^{entry} = .*$", f"{entry} = {value}", text)
        file = tmp_path / name
        file.write_text(text)
        return file

    return make


def filled_in(text: str) -> str:
    """Take the ``#`` away from what the law asks for, as its comment says, with the hash of a file."""
    head, asked = text.split("entries are filled in and their # taken away:", 1)
    asked, word_for_word, rest = asked.partition("\n# The notice must carry")
    if not word_for_word:
        asked, word_for_word, rest = asked.partition("\n# Everything below")
    asked = re.sub(r"(?m)^# ", "", asked).replace("what sha256sum says of its file", "0" * 64)
    return head + asked + word_for_word + rest


@pytest.mark.parametrize(
    "places",
    [("EU",), ("DE",), ("FR",), ("GB",), ("US-NY",), ("US-CT",), ("US-DE",), ("US-CA",), ("US-IL",), ("DE", "US-NY")],
    ids="+".join,
)
def test_a_new_policy_is_sound_once_what_the_law_asks_for_is_filled_in(
    overt: Overt, written: Callable[..., Path], places: tuple[str, ...]
) -> None:
    file = written("policy.toml", *places)
    if "taken away:" in file.read_text():
        assert overt("policy", "check", file).code == 5
        file.write_text(filled_in(file.read_text()))

    outcome = overt("policy", "check", file)

    assert (outcome.code, outcome.out) == (0, "the policy is sound\n")


def test_a_place_without_a_profile_is_refused_with_those_that_there_are(overt: Overt) -> None:
    outcome = overt(*NEW, "--jurisdiction", "XX")

    assert (outcome.code, outcome.out) == (5, "")
    assert "for XX" in outcome.err
    assert "US-CA" in outcome.err


def test_a_trial_takes_no_place_and_no_name(overt: Overt) -> None:
    assert overt("policy", "new", "--trial", "--jurisdiction", "DE").code == 2
    assert overt("policy", "new", "--trial", "--name", "A").code == 2


def test_check_says_where_what_and_what_to_do(overt: Overt, written: Callable[..., Path]) -> None:
    file = written("policy.toml", "US-IL", retention_days="9000", signals='["text", "keylogger"]')

    outcome = overt("policy", "check", file, "--json")

    assert outcome.code == 5
    assert [problem["entry"] for problem in outcome.said["problems"]] == ["signals[2]", "limits.retention_days"]
    assert all(problem["line"] and problem["what"] and problem["remedy"] for problem in outcome.said["problems"])
    assert "2 problems" in outcome.err


def test_check_can_ask_about_another_day(overt: Overt, written: Callable[..., Path]) -> None:
    file = written("policy.toml", "US-IL")

    assert overt("policy", "check", file, "--on", "2027-11-22").code == 0
    assert overt("policy", "check", file, "--on", "2027-11-23").code == 5
    assert overt("policy", "check", file, "--on", "tomorrow").code == 2


def test_a_policy_is_shown_in_words_or_exactly(overt: Overt, written: Callable[..., Path]) -> None:
    file = written("policy.toml", "US-IL")

    words, exact, facts = (
        overt("policy", "show", file),
        overt("policy", "show", file, "--toml"),
        overt("policy", "show", file, "--json"),
    )

    assert "recorded: at most 120 minutes a day" in words.out
    assert "not legal advice" not in words.out.splitlines()[0]
    assert words.out.endswith("None of this is legal advice.\n")
    assert exact.out == file.read_text()
    assert facts.said["refused_for"] == []


def test_a_diff_says_what_each_change_means_and_that_any_text_ends_grants(
    overt: Overt, written: Callable[..., Path]
) -> None:
    old = written("old.toml", "US-IL", sites='["wikipedia"]')
    new = written("new.toml", "US-IL", retention_days="30")

    outcome = overt("policy", "diff", old, new)
    facts = overt("policy", "diff", new, old, "--json").said

    assert "a new site google: consent must be given anew" in outcome.out
    assert "kept shorter for model_training, 30 days instead of 180: nothing to do" in outcome.out
    assert "ends every grant" in outcome.out
    assert (facts["asks_anew"], facts["ends_grants"]) == (True, True)
    assert overt("policy", "diff", old, old).out == "both state the same\n"


def test_what_has_a_problem_is_not_signed(overt: Overt, written: Callable[..., Path], tmp_path: Path) -> None:
    overt("init", "--all-in-one")
    beyond = written("beyond.toml", "US-IL", jurisdictions='["DE"]')

    outcome = overt("policy", "sign", beyond, "--out", tmp_path / "bundle")

    assert outcome.code == 5
    assert "problems" in outcome.err
    assert not (tmp_path / "bundle").exists()


def test_the_law_is_shown_with_its_sources_and_days(overt: Overt) -> None:
    outcome = overt("policy", "law", "FR")

    assert outcome.code == 0
    assert "FR: France, within EU; reviewed 2026-11-23, expires 2027-11-23" in outcome.out
    assert "never recorded: screenshots, text" in outcome.out
    assert "source: CNIL" in outcome.out
    assert [profile["code"] for profile in overt("policy", "law", "FR", "--json").said["profiles"]] == ["EU", "FR"]
    assert len(overt("policy", "law", "--json").said["profiles"]) == 10
