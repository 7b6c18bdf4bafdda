"""Five questions, each with one right answer and a reason; another set of them has another version."""

import hashlib

import pytest

from overt.consent.comprehension import QUESTIONS, QUESTIONS_VERSION, Question, feedback, questions
from overt.errors import PolicyError

KNOWN = {"1": "594178c4fad4e89b930c921d1a146795f75e4a9479a3c2fd4955a1fac1a1c503"}
"""Version to the hash of its questions: whoever changes them counts on."""


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.text)
def test_exactly_one_answer_to_each_question_is_right(question: Question) -> None:
    verdicts = [feedback(question, number)[0] for number in range(1, len(question.answers) + 1)]

    assert verdicts.count(True) == 1
    assert verdicts[question.right - 1]


def test_a_wrong_answer_is_explained_as_well_as_a_right_one() -> None:
    question = QUESTIONS[1]

    assert feedback(question, 1) == (True, f"Right: {question.because}.")
    assert feedback(question, 2) == (False, f"Not quite: {question.because}.")
    assert feedback(questions("de")[1], 2, "de")[1].startswith("Nicht ganz: Sie starten")


def test_the_questions_cover_no_stopping_readers_managers_and_what_stays() -> None:
    assert [question.text for question in QUESTIONS] == [
        "What happens if you say no?",
        "How do you stop a recording?",
        "Who can read what was recorded before you approve it?",
        "Can your manager see what you typed?",
        "What can withdrawing not undo?",
    ]
    assert questions() == QUESTIONS


def test_other_questions_have_another_version() -> None:
    said = "\n".join(f"{each.text}|{'|'.join(each.answers)}|{each.right}|{each.because}" for each in QUESTIONS)

    assert hashlib.sha256(said.encode()).hexdigest() == KNOWN[QUESTIONS_VERSION]


def test_there_are_no_questions_in_a_language_that_nobody_wrote() -> None:
    with pytest.raises(PolicyError):
        questions("xx")
