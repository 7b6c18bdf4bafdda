"""The policy is read strictly, and everything that is wrong with it is said at once."""

import pytest

from overt.errors import PolicyError
from overt.policy.document import MAX_POLICY_CHARACTERS, Policy, parse_policy, read_policy
from overt.policy.templates import new_policy_text, trial_policy_text

SOUND = new_policy_text("Acme Ltd", "privacy@acme.example")


def problems(text: str) -> dict[str, int]:
    """Return the entries that are wrong in *text*, and the line of each."""
    outcome = read_policy(text)
    assert not isinstance(outcome, Policy)
    return {problem.entry: problem.line for problem in outcome}


def line_of(text: str, beginning: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if line.startswith(beginning))


def test_the_templates_are_sound() -> None:
    assert not parse_policy(SOUND).trial
    assert parse_policy(trial_policy_text()).trial


def test_every_problem_is_said_at_once_with_its_line() -> None:
    text = (
        SOUND.replace('"wikipedia"', '"wikipaedia"')
        .replace("trial = false", 'trial = "no"')
        .replace("retention_days = 180", "retention_days = 18000")
        .replace('contact = "', 'kontact = "')
        .replace('"emotion_inference",', "")
    )

    assert problems(text) == {
        "trial": line_of(text, "trial"),
        "sites": line_of(text, "sites"),
        "prohibited": line_of(text, "prohibited"),
        "controller.contact": line_of(text, "[controller]"),
        "controller.kontact": line_of(text, "kontact"),
        "limits.retention_days": line_of(text, "retention_days"),
    }


def test_the_error_lists_every_problem_in_one_line() -> None:
    text = SOUND.replace("trial = false", "trial = 0").replace("daily_cap_minutes = 120", "daily_cap_minutes = 0")

    with pytest.raises(PolicyError) as caught:
        parse_policy(text)

    assert "trial:" in str(caught.value)
    assert "limits.daily_cap_minutes:" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("format = ", "format = 1 #"),
        ("overt-policy/1", "overt-policy/2"),
        ("[limits]", "[limits]\nsurprise = 1"),
        ("retention_days = 180", "retention_days = 180.0"),
        ("retention_days = 180", "retention_days = true"),
        ("retention_days = 180", "retention_days = nan"),
        ("retention_days = 180", "retention_days = 0"),
        ("grant_max_days = 183", "grant_max_days = 184"),
        ("cooling_off_hours = 24", "cooling_off_hours = 23"),
        ("cooling_off_hours = 24", "cooling_off_hours = -1"),
        ("daily_cap_minutes = 120", "daily_cap_minutes = 481"),
        ('sites = ["google", "wikipedia", "linkedin"]', "sites = []"),
        ('"google", ', '"google", "google", '),
        ('"model_training"', '"performance_monitoring"'),
        ('jurisdictions = ["EU"]', 'jurisdictions = ["eu"]'),
        ('jurisdictions = ["EU"]', "jurisdictions = 2026-01-01"),
        ('name = "Acme Ltd"', 'name = ""'),
        ('name = "Acme Ltd"', r'name = "a\nb"'),
        ("[controller]", "[[controller]]"),
        ('"screenshots"]', '"keylogger"]'),
    ],
)
def test_a_policy_that_is_wrong_in_one_thing_is_refused(old: str, new: str) -> None:
    assert old in SOUND

    with pytest.raises(PolicyError):
        parse_policy(SOUND.replace(old, new, 1))


@pytest.mark.parametrize(("hours", "trial", "sound"), [(24, "false", True), (23, "false", False), (0, "true", True)])
def test_only_a_trial_may_hurry(hours: int, trial: str, *, sound: bool) -> None:
    text = SOUND.replace("cooling_off_hours = 24", f"cooling_off_hours = {hours}").replace(
        "trial = false", f"trial = {trial}"
    )

    assert isinstance(read_policy(text), Policy) == sound


@pytest.mark.parametrize(("days", "sound"), [(0, False), (1, True), (180, True), (181, False)])
def test_the_days_for_review_are_no_more_than_those_of_retention(days: int, *, sound: bool) -> None:
    outcome = read_policy(SOUND.replace("review_days = 30", f"review_days = {days}"))

    assert isinstance(outcome, Policy) == sound
    assert sound or {problem.entry.partition(".")[0] for problem in outcome} == {"limits"}


@pytest.mark.parametrize(("line", "days"), [("", 180), ("review_days = 20\n", 20), ("review_days = 50\n", 40)])
def test_what_is_not_approved_is_never_kept_longer_than_the_purpose_that_ends_first(line: str, days: int) -> None:
    shorter = "\n[retention]\nmodel_evaluation = 40\n" if line else ""
    policy = parse_policy(SOUND.replace("review_days = 30\n", line) + shorter)

    assert policy.review_days == days


@pytest.mark.parametrize(
    "text",
    ["", "a = \n", "[[[", "a = 1\na = 2\n", "\x00", "x" * (MAX_POLICY_CHARACTERS + 1), "a=" + "[" * 5000],
    ids=["empty", "no value", "brackets", "twice", "control", "endless", "deep"],
)
def test_what_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(PolicyError):
        parse_policy(text)


def test_a_syntax_error_has_its_line() -> None:
    assert problems("format = 1\ntrial = \n") == {"": 2}


@pytest.mark.parametrize("use", ["performance_monitoring", "individual_scoring", "emotion_inference"])
def test_no_policy_may_leave_out_a_prohibition(use: str) -> None:
    assert "prohibited" in problems(SOUND.replace(f'"{use}",', ""))
