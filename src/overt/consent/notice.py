"""The notice: generated from the policy, so that it cannot say anything else; one agrees to its exact bytes."""

from typing import Final

from overt.errors import PolicyError
from overt.policy.document import Policy, text_sha256
from overt.policy.purposes import Prohibition, Purpose
from overt.policy.signals import Signal

LANGUAGES: Final = ("en",)

_SITE_WORDS: Final = {
    "google": "Google search and its results",
    "wikipedia": "Wikipedia articles and searches",
    "linkedin": "LinkedIn job search and public pages (never messages, never your own profile or settings)",
}
_SIGNAL_WORDS: Final = {
    Signal.TEXT: "text that you type into ordinary fields, less what is recognised as a card, a phone or the like",
    Signal.CLASSES: "of what you type only the kinds of keys (letter, digit, punctuation), never which key",
    Signal.CLICKS: "clicks and what they hit",
    Signal.SCROLLS: "scrolling",
    Signal.MOVES: "the way of the pointer, at most ten points a second",
    Signal.SCREENSHOTS: "pictures of the page, with every field and everything around the page painted over",
}
_PURPOSE_WORDS: Final = {
    Purpose.MODEL_TRAINING: "training models that use a computer",
    Purpose.MODEL_EVALUATION: "measuring such models",
    Purpose.RESEARCH: "published research on how tasks are done, never about a person",
}
_PROHIBITED_WORDS: Final = {
    Prohibition.PERFORMANCE_MONITORING: "watching how much or how well anybody works",
    Prohibition.INDIVIDUAL_SCORING: "scoring or ranking a person",
    Prohibition.EMOTION_INFERENCE: "guessing moods or emotions",
    Prohibition.BIOMETRIC_IDENTIFICATION: "recognising a person, for example by typing rhythm",
}


def notice_text(policy: Policy, language: str = "en") -> str:
    """Return the notice for *policy* in *language*: a summary of one screen, then the details.

    Raises:
        PolicyError: There is no notice in *language*.
    """
    if language not in LANGUAGES:
        raise PolicyError(f"there is no notice in the language {language}", hint=f"there is: {', '.join(LANGUAGES)}")
    return "\n".join([*_title(policy), *_summary(policy), *_details(policy)]) + "\n"


def notice_sha256(text: str) -> str:
    """Return the hash by which a grant names the notice *text*."""
    return text_sha256(text)


def summary_of(notice: str) -> str:
    """Return the first layer of *notice*: everything above its details."""
    return notice.split("\nDETAILS\n", maxsplit=1)[0].rstrip() + "\n"


def words_for(offered: str) -> str:
    """Return what the notice calls the site, signal or purpose that is *offered*."""
    words: list[tuple[str, str]] = [*_SITE_WORDS.items(), *_SIGNAL_WORDS.items(), *_PURPOSE_WORDS.items()]
    return dict(words).get(offered, offered)


def _title(policy: Policy) -> list[str]:
    lines = [f"RECORDING YOUR WORK IN THE BROWSER, for {policy.controller.name}", ""]
    if policy.trial:
        lines += ["THIS IS A TRIAL: nothing recorded here can ever join a real data set.", ""]
    return lines


def _summary(policy: Policy) -> list[str]:
    return [
        "IN SHORT",
        "- It is your choice. Saying no, or stopping, has no consequences, and you owe nobody a reason.",
        "- Everything is off until you switch it on, one site, one signal and one purpose at a time.",
        "- You start every recording yourself. While it runs, a coloured border is drawn around the page.",
        "- Outside the sites that you switched on nothing is kept, counted or noted.",
        "- Passwords and private windows are never recorded.",
        "- You review what was kept, and only what you approve is ever handed over.",
        "- You can withdraw at any time: overt consent withdraw. Recording stops within one second.",
        f"- Never done with it: {'; '.join(_PROHIBITED_WORDS[use] for use in policy.prohibited)}.",
        "",
        "DETAILS",
    ]


def _details(policy: Policy) -> list[str]:
    return [
        *_section("Who answers for the data", [policy.controller.name, f"Contact: {policy.controller.contact}"]),
        *_section("Where you may switch it on", [_SITE_WORDS.get(site, site) for site in policy.sites]),
        *_section("What you may switch on", [_SIGNAL_WORDS[signal] for signal in policy.signals]),
        *_section("What you may allow it to be used for", [_PURPOSE_WORDS[use] for use in policy.purposes]),
        *_section("What it is never used for", [_PROHIBITED_WORDS[use] for use in policy.prohibited]),
        *_section("When and how long", _times(policy)),
        *_section("Who can read what", _readers()),
        *_section("What withdrawing does", _withdrawing()),
        *_section("Your rights", _rights(policy)),
    ]


def _section(title: str, lines: list[str]) -> list[str]:
    return ["", title, *(f"- {line}" for line in lines)]


def _times(policy: Policy) -> list[str]:
    limits = policy.limits
    think = (
        f"After you agree there are {limits.cooling_off_hours} hours to think again before anything can be recorded."
        if limits.cooling_off_hours
        else "There is no time to think again before the first recording, because this is a trial."
    )
    return [
        think,
        f"Your agreement ends by itself after {limits.grant_max_days} days at most, sooner if you choose so.",
        f"At most {limits.daily_cap_minutes} minutes a day are recorded.",
        f"What was recorded is kept for at most {limits.retention_days} days, then erased by: overt episodes sweep.",
        "No time finer than a whole action is kept: nobody can learn your typing rhythm.",
    ]


def _readers() -> list[str]:
    return [
        "You: everything that was kept, for review. The recorder itself cannot read what it has written.",
        "The privacy officer: that and how much was recorded, by kind and by site; not what it says.",
        "The person who exports data sets: what you approved, for the purposes that you allowed.",
        "Each of them needs, besides their own key, a second one from a vault, and each release is logged.",
        "Your manager: nothing, not even whether you take part.",
    ]


def _withdrawing() -> list[str]:
    return [
        "It stops recording at once and destroys the vault's keys to what was recorded under this agreement.",
        "Copies and backups then stay unreadable, unless somebody kept an old master key of the vault.",
        "It cannot undo what was exported before, or what a model has already learned. Later exports leave it out.",
    ]


def _rights(policy: Policy) -> list[str]:
    return [
        "To see, copy, correct and erase what was kept, to restrict its use, and to complain to an authority.",
        f"The law that applies here: {', '.join(policy.jurisdictions)}. This text is not legal advice.",
    ]
