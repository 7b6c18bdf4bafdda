"""The conversation at a terminal: one switch after the other, all off, then five questions with feedback."""

import sys
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

import click

from overt.cli.asking import wrapped
from overt.consent.comprehension import QUESTIONS, Question, feedback
from overt.consent.notice import words_for
from overt.policy.document import Policy
from overt.subject.consenting import Choice

_USUAL_DAYS: Final = 30


def ask_choice(policy: Policy, days: int | None, language: str) -> Choice:
    """Ask for each site, signal and purpose that *policy* offers by itself; the answer is no until it is yes.

    Then ask for how many days, unless *days* says so or nothing is switched on.
    """
    sites, signals, purposes = (
        _ask("site", policy.sites),
        _ask("signal", policy.signals),
        _ask("purpose", policy.purposes),
    )
    return Choice(
        sites=sites,
        signals=signals,
        purposes=purposes,
        days=days or (_ask_days(policy) if sites and signals and purposes else usual_days(policy)),
        language=language,
        expressed="switches",
    )


def usual_days(policy: Policy) -> int:
    """Return for how many days a consent is given unless the person says otherwise."""
    return min(_USUAL_DAYS, policy.limits.grant_max_days)


def ask_comprehension() -> None:
    """Ask the five questions until each was answered right, with feedback every time. Nothing of it is kept."""
    for question in QUESTIONS:
        while not _answered(question):
            pass


def ask_agreement(choice: Choice) -> bool:
    """Say once more what *choice* is, and ask once whether to consent; a no is as short as a yes."""
    _show(
        f"\nYou switched on: {', '.join(choice.sites)}; {', '.join(choice.signals)}; "
        f"for {', '.join(choice.purposes)}; for {choice.days} days."
    )
    return bool(click.confirm("Do you consent to what you switched on?", default=False, err=True))


def _ask(kind: str, offered: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in offered if _switched_on(kind, name))


def _switched_on(kind: str, name: str) -> bool:
    _show(f"\n{kind} {name}: {words_for(name)}")
    return click.confirm("Switch it on?", default=False, err=True)


def _ask_days(policy: Policy) -> int:
    least = policy.cooling_off // timedelta(days=1) + 1
    most = policy.limits.grant_max_days
    label = f"\nFor how many days ({least} to {most})"
    return int(click.prompt(label, type=click.IntRange(least, most), default=usual_days(policy), err=True))


def _show(text: str) -> None:
    click.echo(wrapped(text, sys.stderr), err=True)


def _answered(question: Question) -> bool:
    _show(f"\n{question.text}")
    for number, answer in enumerate(question.answers, start=1):
        _show(f"  {number}. {answer}")
    chosen = click.prompt("Your answer", type=click.IntRange(1, len(question.answers)), err=True)
    right, sentence = feedback(question, chosen)
    _show(sentence)
    return right
