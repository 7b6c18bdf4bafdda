"""A trial from the first command to the last, as a person types it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Overt = Callable[..., Any]
GIVE = ("consent", "give", "--site", "google", "--signal", "text", "--purpose", "model_training", "--yes")


def test_a_trial_from_init_to_withdrawal(overt: Overt) -> None:
    made = overt("init", "--all-in-one", "--json")
    before = overt("consent", "status", "--json")
    notice = overt("consent", "notice", "--json")
    given = overt(*GIVE, "--days", 7, "--json")
    during = overt("consent", "status", "--json")
    receipt = overt("consent", "receipt", "--json")
    withdrawn = overt("consent", "withdraw", "--json")
    after = overt("consent", "status", "--json")
    again = overt("consent", "withdraw", "--json")

    outcomes = [made, before, notice, given, during, receipt, withdrawn, after, again]
    assert [each.code for each in outcomes] == [0] * len(outcomes)
    assert made.said["trial"]
    assert made.said["device_key"] == "trial"
    assert "trial" in made.err
    assert before.said == {"status": "ConsentUnknown", "in_force": False, "grant": None, "may_be_asked": True}
    assert given.said["grant"]["sites"] == ["google"]
    assert given.said["grant"]["notice_sha256"] == notice.said["sha256"]
    assert (during.said["status"], during.said["in_force"]) == ("ConsentGiven", True)
    assert receipt.said["notice"] == notice.said["notice"]
    assert withdrawn.said["withdrawn"] == [given.said["grant"]["id"]]
    assert (after.said["status"], after.said["in_force"]) == ("ConsentWithdrawn", False)
    assert again.said["withdrawn"] == []


def test_the_results_for_people_are_lines(overt: Overt) -> None:
    overt("init", "--all-in-one")

    assert overt("consent", "status").out.startswith(
        "ConsentUnknown: nothing may be recorded, for you have given no consent\nnext: "
    )
    assert overt(*GIVE).out.startswith("ConsentGiven: in force\n")
    assert overt("consent", "withdraw").out.startswith("your consent is withdrawn\n")
    assert overt("episodes", "list").out == "there are no episodes\n"
    assert overt("consent", "notice", "--summary").out.count("\n") < 25


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("init", "--all-in-one"), 9, "is a home already"),
        (("init",), 2, "one role"),
        (("init", "--all-in-one", "--role", "admin"), 2, "one role"),
        (("consent", "give"), 2, "nothing is switched on"),
        (("consent", "give", "--site", "google"), 2, "no signal"),
        (("consent", "give", "--site", "x", "--signal", "text", "--purpose", "research"), 5, "site x is not offered"),
        ((*GIVE, "--days", "31"), 5, "31 days"),
        (GIVE[:-1], 2, "at a terminal"),
        (("consent", "receipt"), 4, "no consent"),
        (("consent", "notice", "--language", "xx"), 5, "language xx"),
        (("episodes", "show", "abcd"), 2, "no episodes"),
        (("episodes", "approve"), 2, "which episodes"),
        (("episodes", "erase"), 2, "missing argument"),
        (("keys", "new", "--role", "auditor"), 6, "already"),
        (("join", "nowhere.bundle"), 2, "trial with all roles"),
        (("policy", "new"), 2, "who answers"),
    ],
)
def test_each_mistake_is_one_line_with_its_exit_code(
    overt: Overt, words: tuple[str, ...], code: int, said: str
) -> None:
    overt("init", "--all-in-one")

    outcome = overt(*words)

    assert outcome.code == code
    assert said in outcome.err
    assert "Traceback" not in outcome.err
    assert outcome.out == ""


@pytest.mark.parametrize(
    "words",
    [("consent", "status"), GIVE, ("consent", "withdraw"), ("episodes", "list"), ("keys", "list"), ("policy", "show")],
)
def test_without_a_home_every_command_says_how_to_make_one(overt: Overt, words: tuple[str, ...]) -> None:
    outcome = overt(*words)

    assert outcome.code == 9
    assert "overt: hint: make one: overt init" in outcome.err


def test_a_policy_is_checked_line_by_line(overt: Overt, tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    sound = overt("policy", "new", "--trial").out
    file.write_text(sound)

    assert overt("policy", "check", file).out == "the policy is sound\n"

    file.write_text(sound.replace("trial = true", "trial = 0").replace('"google"', '"gogle"'))
    outcome = overt("policy", "check", file, "--json")

    assert outcome.code == 5
    assert [problem["entry"] for problem in outcome.said["problems"]] == ["trial", "sites"]
    assert all(problem["line"] for problem in outcome.said["problems"])


@pytest.mark.parametrize("name", ['A"B', "A\\B", "A\nB", "", 'A"\nname2 = "', 'A"  # "'])
def test_a_name_that_would_break_the_policy_is_refused(overt: Overt, name: str) -> None:
    outcome = overt("policy", "new", "--name", name, "--contact", "a@b.example")

    assert outcome.code in {2, 5}
    assert outcome.out == ""


def test_a_changed_bundle_stops_every_act_but_withdrawal(overt: Overt, tmp_path: Path) -> None:
    overt("init", "--all-in-one")
    overt(*GIVE)
    bundle = tmp_path / "home" / "employee" / "bundle.note"
    bundle.write_text(bundle.read_text().replace("grant_max_days = 30", "grant_max_days = 31"))

    assert overt("consent", "notice").code == 5
    assert overt(*GIVE).code == 5
    assert overt("consent", "status", "--json").said["status"] == "ConsentInvalidated"
    assert overt("consent", "withdraw", "--json").said["withdrawn"] != []
