"""Five questions about the notice, with feedback. There is no score, and answers are never kept."""

from dataclasses import dataclass
from typing import Final

from overt.consent.words import words

QUESTIONS_VERSION: Final = "1"
"""What a grant names when the questions were answered; another set of questions has another version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, its answers in the order shown, the number of the right one from 1, and why it is right."""

    text: str
    answers: tuple[str, ...]
    right: int
    because: str


QUESTIONS: Final = (
    Question(
        text="What happens if you say no?",
        answers=("Your manager is told", "Nothing", "You lose access to some tools"),
        right=2,
        because="saying no has no consequences, and nobody but you learns of it",
    ),
    Question(
        text="How do you stop a recording?",
        answers=("You stop it yourself, whenever you like", "You ask the administrator", "It cannot be stopped"),
        right=1,
        because="you start and stop it; withdrawing ends it within a second",
    ),
    Question(
        text="Who can read what was recorded before you approve it?",
        answers=("Everyone in the company", "The privacy officer", "Only you"),
        right=3,
        because="only what you approve is handed over; the officer sees how much, not what",
    ),
    Question(
        text="Can your manager see what you typed?",
        answers=("No", "Yes, on request"),
        right=1,
        because="managers have no key, and no report is about a person",
    ),
    Question(
        text="What can withdrawing not undo?",
        answers=("Recordings on this computer", "What a model has already learned", "The vault's keys"),
        right=2,
        because="recordings become unreadable, but what was exported and learned before cannot be called back",
    ),
)


def questions(language: str = "en") -> tuple[Question, ...]:
    """Return the questions in *language*; raises ``PolicyError`` when there are none in it."""
    say = words(language)
    return tuple(
        Question(
            text=say(question.text),
            answers=tuple(say(answer) for answer in question.answers),
            right=question.right,
            because=say(question.because),
        )
        for question in QUESTIONS
    )


def feedback(question: Question, answer: int, language: str = "en") -> tuple[bool, str]:
    """Return whether *answer* (from 1) to the *question* is right, and the sentence to show, both in *language*."""
    right = answer == question.right
    sentence = "Right: {because}." if right else "Not quite: {because}."
    return right, words(language)(sentence, because=question.because)
