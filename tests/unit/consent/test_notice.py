"""The notice says what the policy says."""

import pytest

from overt.consent.comprehension import QUESTIONS, feedback
from overt.consent.notice import notice_text, summary_of
from overt.errors import PolicyError
from overt.policy.document import Policy, parse_policy
from overt.policy.purposes import Prohibition, Purpose
from overt.policy.signals import Signal
from overt.policy.templates import new_policy_text


def test_the_same_policy_has_the_same_notice_byte_for_byte(policy: Policy) -> None:
    assert notice_text(policy) == notice_text(policy.model_copy())


@pytest.mark.parametrize(
    "change",
    [
        {"sites": ("google",)},
        {"signals": (Signal.TEXT,)},
        {"purposes": (Purpose.RESEARCH,)},
        {"jurisdictions": ("FR",)},
        {"trial": False},
        {"prohibited": (Prohibition.EMOTION_INFERENCE,)},
    ],
)
def test_another_policy_has_another_notice(policy: Policy, change: dict[str, object]) -> None:
    assert notice_text(policy) != notice_text(policy.model_copy(update=change))


@pytest.mark.parametrize("limit", ["retention_days", "grant_max_days", "daily_cap_minutes", "cooling_off_hours"])
def test_each_limit_is_in_the_notice(policy: Policy, limit: str) -> None:
    changed = policy.model_copy(update={"limits": policy.limits.model_copy(update={limit: 17})})

    assert " 17 " in notice_text(changed)


def test_a_trial_says_so_and_a_real_policy_does_not(policy: Policy) -> None:
    real = parse_policy(new_policy_text("Acme", "privacy@acme.example"))

    assert "THIS IS A TRIAL" in summary_of(notice_text(policy))
    assert "TRIAL" not in notice_text(real)


def test_the_first_layer_is_one_screen(policy: Policy) -> None:
    summary = summary_of(notice_text(policy))

    assert summary.count("\n") <= 24
    assert "DETAILS" not in summary


def test_there_is_no_notice_in_a_language_that_nobody_wrote(policy: Policy) -> None:
    with pytest.raises(PolicyError, match="xx"):
        notice_text(policy, "xx")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.text)
def test_exactly_one_answer_to_each_question_is_right(question: object) -> None:
    verdicts = [feedback(question, number)[0] for number in range(1, len(question.answers) + 1)]

    assert verdicts.count(True) == 1
