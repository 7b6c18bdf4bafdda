"""The conversation at a terminal: one switch after the other, all off, then five questions with feedback."""

import sys
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

import click

from overt.cli.asking import wrapped
from overt.consent.comprehension import Question, feedback, questions
from overt.consent.notice import statutory_text, summary_of
from overt.consent.offers import words_for
from overt.consent.words import Words, words
from overt.policy.document import Policy
from overt.subject.consenting import Choice

_USUAL_DAYS: Final = 30


def ask_choice(policy: Policy, days: int | None, language: str) -> Choice:
    """Ask for each site, signal and purpose that *policy* offers by itself; the answer is no until it is yes.

    Then ask for how many days, unless *days* says so or nothing is switched on.
    """
    sites, signals, purposes = (
        _ask("site", policy.sites, language),
        _ask("signal", policy.signals, language),
        _ask("purpose", policy.purposes, language),
    )
    return Choice(
        sites=sites,
        signals=signals,
        purposes=purposes,
        days=days or (_ask_days(policy, language) if sites and signals and purposes else usual_days(policy)),
        language=language,
        expressed="switches",
    )


def usual_days(policy: Policy) -> int:
    """Return for how many days a consent is given unless the person says otherwise."""
    return min(_USUAL_DAYS, policy.limits.grant_max_days)


def ask_comprehension(language: str) -> None:
    """Ask the five questions until each was answered right, with feedback every time. Nothing of it is kept."""
    say = words(language)
    for question in questions(language):
        while not _answered(question, say):
            pass


def ask_agreement(choice: Choice) -> bool:
    """Say once more what *choice* is, and ask once whether to consent; a no is as short as a yes."""
    say = words(choice.language)
    chosen = say(
        "You switched on: {sites}; {signals}; for {purposes}; for {days} days.",
        sites=", ".join(choice.sites),
        signals=", ".join(choice.signals),
        purposes=", ".join(choice.purposes),
        days=choice.days,
    )
    _show(f"\n{chosen}")
    return bool(click.confirm(say("Do you consent to what you switched on?"), default=False, err=True))


def show_summary(notice: str, language: str) -> None:
    """Show the first layer of *notice* before anything is asked, and say where the rest is."""
    _show(summary_of(notice))
    _show(words(language)("This was the summary; you consent to the whole notice: overt consent notice"))


def show_statutory(policy: Policy, language: str) -> None:
    """Show what the law wants said word for word, where it does: whoever agrees has then had it before their eyes."""
    text = statutory_text(policy, language)
    if text:
        _show(f"\n{text}")


def _ask(kind: str, offered: Iterable[str], language: str) -> tuple[str, ...]:
    return tuple(name for name in offered if _switched_on(kind, name, language))


def _switched_on(kind: str, name: str, language: str) -> bool:
    say = words(language)
    _show(f"\n{say(kind)} {name}: {words_for(name, language)}")
    return click.confirm(say("Switch it on?"), default=False, err=True)


def _ask_days(policy: Policy, language: str) -> int:
    least = policy.cooling_off // timedelta(days=1) + 1
    most = policy.limits.grant_max_days
    label = words(language)("For how many days ({least} to {most})", least=least, most=most)
    return int(click.prompt(f"\n{label}", type=click.IntRange(least, most), default=usual_days(policy), err=True))


def _show(text: str) -> None:
    click.echo(wrapped(text, sys.stderr), err=True)


def _answered(question: Question, say: Words) -> bool:
    _show(f"\n{question.text}")
    for number, answer in enumerate(question.answers, start=1):
        _show(f"  {number}. {answer}")
    chosen = click.prompt(say("Your answer"), type=click.IntRange(1, len(question.answers)), err=True)
    right, sentence = feedback(question, chosen, say.language)
    _show(sentence)
    return right
