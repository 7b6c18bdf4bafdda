"""What the notice calls each site, signal, purpose and prohibited use: in a few words, and in full."""

from types import MappingProxyType
from typing import Final

from overt.consent.words import Words, words
from overt.policy.purposes import Prohibition, Purpose
from overt.policy.signals import Signal

_SHORT: Final = MappingProxyType(
    {
        "google": "Google search",
        "wikipedia": "Wikipedia",
        "linkedin": "LinkedIn jobs",
        Signal.TEXT: "typed text",
        Signal.CLASSES: "kinds of keys",
        Signal.CLICKS: "clicks",
        Signal.SCROLLS: "scrolling",
        Signal.MOVES: "the pointer's way",
        Signal.SCREENSHOTS: "pictures of the page",
        Purpose.MODEL_TRAINING: "training models that use a computer",
        Purpose.MODEL_EVALUATION: "measuring them",
        Purpose.RESEARCH: "research",
        Prohibition.PERFORMANCE_MONITORING: "watching your work",
        Prohibition.INDIVIDUAL_SCORING: "scores or rankings of people",
        Prohibition.EMOTION_INFERENCE: "guessing moods",
        Prohibition.BIOMETRIC_IDENTIFICATION: "recognising people",
    }
)
_FULL: Final = MappingProxyType(
    {
        "google": "Google search and its results",
        "wikipedia": "Wikipedia articles and searches",
        "linkedin": "LinkedIn job search and public pages (never messages, never your own profile or settings)",
        Signal.TEXT: "text that you type into ordinary fields, less what is recognised as a card, a phone or the like",
        Signal.CLASSES: "of what you type only the kinds of keys (letter, digit, punctuation), never which key",
        Signal.CLICKS: "clicks and what they hit",
        Signal.SCROLLS: "scrolling",
        Signal.MOVES: "the way of the pointer, at most ten points a second",
        Signal.SCREENSHOTS: "pictures of the page, with every field and everything around the page painted over",
        Purpose.MODEL_TRAINING: "training models that use a computer",
        Purpose.MODEL_EVALUATION: "measuring such models",
        Purpose.RESEARCH: "published research on how tasks are done, never about a person",
        Prohibition.PERFORMANCE_MONITORING: "watching how much or how well anybody works",
        Prohibition.INDIVIDUAL_SCORING: "scoring or ranking a person",
        Prohibition.EMOTION_INFERENCE: "guessing moods or emotions",
        Prohibition.BIOMETRIC_IDENTIFICATION: "recognising a person, for example by typing rhythm",
    }
)


def in_short(offered: str, language: Words) -> str:
    """Return the few words for what is *offered*, or its name when there are none."""
    return language(_SHORT[offered]) if offered in _SHORT else offered


def in_full(offered: str, language: Words) -> str:
    """Return the sentence for what is *offered*, or its name when there is none."""
    return language(_FULL[offered]) if offered in _FULL else offered


def words_for(offered: str, language: str = "en") -> str:
    """Return what the notice in *language* calls the site, signal or purpose that is *offered*."""
    return in_full(offered, words(language))
