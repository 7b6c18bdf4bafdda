"""The notice: generated from the policy, so that it cannot say anything else; one agrees to its exact bytes.

Three layers in one text: a screen with what matters, the details, and every setting of the policy as it stands.
"""

import textwrap
from collections.abc import Iterable, Iterator
from typing import Final

from overt.consent.details import (
    choice,
    controller,
    documents,
    incentive,
    not_undone,
    places,
    prohibited,
    readers,
    rights,
    statutory,
    times,
    withdrawing,
)
from overt.consent.offers import in_full, in_short
from overt.consent.words import Words, words
from overt.errors import PolicyError
from overt.policy.canonical import JsonValue, canonical_json
from overt.policy.document import Policy, text_sha256

LAYERS: Final = 3
SCREEN_LINES: Final = 24
SCREEN_COLUMNS: Final = 80

_RULE: Final = "=" * 72
_LONGEST_NAME: Final = 36


def notice_text(policy: Policy, language: str = "en") -> str:
    """Return the notice for *policy* in *language*: a summary of one screen, the details, and every setting.

    Raises:
        PolicyError: There is no notice in *language*.
    """
    say = words(language)
    layers = (_summary(policy, say), _details(policy, say), _settings(policy, say))
    return f"\n{_RULE}\n".join("".join(f"{line}\n" for line in layer) for layer in layers)


def notice_sha256(text: str) -> str:
    """Return the hash by which a grant names the notice *text*."""
    return text_sha256(text)


def layer(notice: str, number: int) -> str:
    """Return the layer *number* of *notice*, from 1; raises ``PolicyError`` when it has no such layer."""
    layers = notice.split(f"\n{_RULE}\n")
    if not 1 <= number <= len(layers):
        raise PolicyError(f"the notice has no layer {number}", hint=f"it has: 1 to {len(layers)}")
    return layers[number - 1]


def summary_of(notice: str) -> str:
    """Return the first layer of *notice*: what fits on one screen."""
    return layer(notice, 1)


def statutory_text(policy: Policy, language: str) -> str:
    """Return what of the notice the law of the policy's places wants said word for word, or nothing."""
    say = words(language)
    return "\n".join(_section(say("What the law wants said word for word"), statutory(policy, say))).strip("\n")


def _summary(policy: Policy, say: Words) -> Iterator[str]:
    yield say("RECORDING YOUR WORK IN THE BROWSER, for {name}", name=_shortened(policy.controller.name))
    if policy.trial:
        yield say("THIS IS A TRIAL: nothing recorded here can ever join a real data set.")
    yield ""
    width = max(len(label) for label, _ in _rows(policy, say)) + 2
    for label, content in _rows(policy, say):
        yield from textwrap.wrap(
            f"{label:<{width}}{content}",
            SCREEN_COLUMNS,
            subsequent_indent=" " * width,
            break_on_hyphens=False,
        )


def _shortened(name: str) -> str:
    """Return *name* as far as a screen has room for it; the details have it whole."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _rows(policy: Policy, say: Words) -> tuple[tuple[str, str], ...]:
    limits = policy.limits
    return (
        (
            say("Your choice"),
            say("No has no consequences and needs no reason. All is off until you switch it on, one by one."),
        ),
        (say("What"), _listed(policy.signals, say)),
        (
            say("Where"),
            say("{sites}; nowhere else, not in private windows, no passwords.", sites=_listed(policy.sites, say)),
        ),
        (
            say("When"),
            say(
                "While you run it and a coloured border shows it, {minutes} minutes a day at most.",
                minutes=limits.daily_cap_minutes,
            )
            + (" " + say("Never outside the hours in the details.") if policy.schedule else ""),
        ),
        (
            say("How long"),
            say(
                "Your yes: {grant_days} days at most, first after {hours} hours. What is kept: {days} days at most.",
                grant_days=limits.grant_max_days,
                hours=limits.cooling_off_hours,
                days=limits.retention_days,
            ),
        ),
        (
            say("Who reads"),
            say("You, all. Who exports: what you approve. The privacy officer: how much. Managers: nothing.")
            + (" " + say("Other organisations: {count}.", count=len(policy.recipients)) if policy.recipients else ""),
        ),
        (say("For what"), _listed(policy.purposes, say)),
        (say("Never for"), _listed(policy.prohibited, say)),
        (
            say("Taking back"),
            say(
                "overt consent withdraw: ends it within a second and makes what is kept unreadable. What was exported"
                " or learned before, it cannot undo."
            ),
        ),
        (say("More"), f"overt consent notice --lang {say.language} --layer 2"),
    )


def _listed(offered: Iterable[str], say: Words) -> str:
    return ", ".join(in_short(name, say) for name in offered)


def _details(policy: Policy, say: Words) -> Iterator[str]:
    yield say("DETAILS")
    for title, lines in (
        (say("Who answers for the data"), controller(policy, say)),
        (say("Your choice"), choice(say)),
        (say("Where you may switch it on"), places(policy, say)),
        (say("What you may switch on"), (in_full(signal, say) for signal in policy.signals)),
        (say("What you may allow it to be used for"), (in_full(use, say) for use in policy.purposes)),
        (say("What it is never used for"), prohibited(policy, say)),
        (say("When and how long"), times(policy, say)),
        (say("Who can read what"), readers(policy, say)),
        (say("What you get for taking part"), incentive(policy, say)),
        (say("What was examined beforehand"), documents(policy, say)),
        (say("What withdrawing does"), withdrawing(say)),
        (say("What withdrawing cannot undo"), not_undone(say)),
        (say("Your rights"), rights(policy, say)),
        (say("What the law wants said word for word"), statutory(policy, say)),
    ):
        yield from _section(title, lines)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if number == 0:
            yield from ("", title)
        yield f"- {line}"


def _settings(policy: Policy, say: Words) -> Iterator[str]:
    yield say("EVERY SETTING of the policy, as your consent would name it")
    yield ""
    yield from (f"{name} = {value}" for name, value in _flattened("", policy.model_dump(mode="json")))


def _flattened(path: str, value: JsonValue) -> Iterator[tuple[str, str]]:
    """Yield each entry of *value* with its path, tables opened and their names sorted."""
    if isinstance(value, dict):
        for name in sorted(value):
            yield from _flattened(f"{path}.{name}" if path else name, value[name])
    else:
        yield path, canonical_json(value)
