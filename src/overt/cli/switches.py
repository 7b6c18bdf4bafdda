"""The conversation at a terminal: one switch after the other, all off, then five questions with feedback."""

import sys
from collections.abc import Iterable

import click

from overt.consent.comprehension import QUESTIONS, Question, feedback
from overt.policy.document import Policy
from overt.subject.consenting import Choice


def at_terminal() -> bool:
    """Say whether a person can be asked."""
    return sys.stdin.isatty()


def ask_choice(policy: Policy, days: int, language: str) -> Choice:
    """Ask for each site, signal and purpose that *policy* offers by itself; the answer is no until it is yes."""
    return Choice(
        sites=_ask("site", policy.sites),
        signals=_ask("signal", policy.signals),
        purposes=_ask("purpose", policy.purposes),
        days=days,
        language=language,
        expressed="switches",
    )


def ask_comprehension() -> None:
    """Ask the five questions until each was answered right, with feedback every time. Nothing of it is kept."""
    for question in QUESTIONS:
        while not _answered(question):
            pass


def ask_agreement() -> bool:
    """Ask once whether to consent; a no is as short as a yes."""
    return bool(click.confirm("Do you consent to what you switched on?", default=False, err=True))


def _ask(kind: str, offered: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in offered if click.confirm(f"Switch on the {kind} {name}?", default=False, err=True))


def _answered(question: Question) -> bool:
    click.echo(f"\n{question.text}", err=True)
    for number, answer in enumerate(question.answers, start=1):
        click.echo(f"  {number}. {answer}", err=True)
    chosen = click.prompt("Your answer", type=click.IntRange(1, len(question.answers)), err=True)
    right, sentence = feedback(question, chosen)
    click.echo(sentence, err=True)
    return right
