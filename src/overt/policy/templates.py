"""The policy that a new organisation starts from, by the law of its places; and the one that a trial uses."""

from collections.abc import Iterable, Mapping
from datetime import date
from textwrap import wrap
from typing import Final

from overt.policy.law import Fact, Profile, Rules, lesser, profiles_for, strictest
from overt.policy.signals import Signal
from overt.policy.tables import DocumentKind

_TEMPLATE: Final = """\
# What {name} offers and promises to the people who let themselves be recorded.
# Change it, then run: overt policy check policy.toml && overt policy sign policy.toml
format = "overt-policy/1"
trial = {trial}

# Sites, signals and purposes are offered here; each stays off until a person switches it on.
sites = ["google", "wikipedia", "linkedin"]
signals = [{signals}]
purposes = ["model_training", "model_evaluation"]

# Areas of these sites that are left out, besides those that always are: sign-in, mail, messages, profiles, payment.
# excluded = ["linkedin/pulse"]

# Nothing can ever be exported for these. Every policy names all four.
prohibited = [
    "performance_monitoring",
    "individual_scoring",
    "emotion_inference",
    "biometric_identification",
]

# Whose law applies (ISO 3166, with a part of a country where it matters). None of this is legal advice.
jurisdictions = [{jurisdictions}]

[controller]
name = "{name}"
contact = "{contact}"

[limits]
retention_days = {retention_days}
# What nobody has approved by then is erased, and never handed over:
review_days = {review_days}
grant_max_days = {grant_max_days}
daily_cap_minutes = {daily_cap_minutes}
cooling_off_hours = {cooling_off_hours}
cohort_floor = 50
"""

_OPTIONS: Final = """
# Everything below may be left out. Take the # away from what you need.

# One purpose may be kept shorter than the rest:
# [retention]
# model_evaluation = 30

# Recording is possible only in these hours of the person's own clock:
# [[schedule]]
# days = ["mon", "tue", "wed", "thu", "fri"]
# begin = "09:00"
# end = "17:00"

# Who outside your organisation is given exports:
# [[recipients]]
# name = "Example Research"
# contact = "privacy@research.example"
# country = "DE"
# purposes = ["model_training"]

# A flat amount for a window of participation, whatever was recorded in it; here 10.00 EUR for 30 days:
# [incentive]
# amount_minor = 1000
# currency = "EUR"
# window_days = 30
# alternative = "scripted tasks on accounts made for it"
# value_estimate = "about 10 EUR for 30 days"
# value_method = "what scripted tasks of the same length cost"
"""

_DOCUMENT: Final = """
# [documents.{kind}]
# reference = "where your {words} is found"
# sha256 = "what sha256sum says of its file"
# approved_by = "who approved it"
# approved_on = 2026-01-31
# review_by = 2027-01-31
"""

_FACTS: Final = {
    Fact.LEGAL_BASIS: '"consent, Art. 6(1)(a) GDPR"',
    Fact.TRANSFERS: '"none outside the European Union"',
    Fact.AUTHORITY: '"the authority to complain to"',
    Fact.LOCATIONS: '["the places on your premises where people are recorded"]',
    Fact.POSTED_AT: '["where the notice hangs"]',
}

_MOST_DAYS: Final = 180
_REVIEW_DAYS: Final = 30
_MOST_MINUTES: Final = 120


def new_policy_text(
    name: str, contact: str, places: Iterable[str] = ("EU",), profiles: Mapping[str, Profile] | None = None
) -> str:
    """Return a policy for *name* (reached at *contact*) with careful defaults, as TOML to be edited.

    With *profiles*, it stays inside the law of *places*, and says in comments what else that asks for. Neither *name*
    nor *contact* may hold a quotation mark, a backslash or a control character.

    Raises:
        PolicyError: A place has no profile.
    """
    codes = tuple(places)
    heeded = profiles_for(codes, profiles) if profiles is not None else ()
    rules = strictest(profile.rules for profile in heeded)
    usual = (Signal.TEXT, Signal.CLICKS, Signal.SCROLLS, Signal.SCREENSHOTS)
    head = _TEMPLATE.format(
        name=name,
        contact=contact,
        trial="false",
        signals=_quoted(signal for signal in usual if signal not in rules.signals_off),
        jurisdictions=_quoted(codes),
        retention_days=lesser(_MOST_DAYS, rules.retention_days),
        review_days=lesser(_REVIEW_DAYS, rules.retention_days),
        grant_max_days=183,
        daily_cap_minutes=lesser(_MOST_MINUTES, rules.daily_cap_minutes),
        cooling_off_hours=24,
    )
    return head + _asked(heeded, rules) + _OPTIONS


def trial_policy_text() -> str:
    """Return the policy of a trial: no time to think again, short retention, and marked as a trial in every record."""
    return _trial("Trial on this computer", "the person at this computer", days=30)


def synthetic_policy_text() -> str:
    """Return the policy of an organisation that nobody works for: a trial's, under a name that says so, for longer."""
    return _trial("Synthetic organisation: nobody was recorded", "nobody", days=_MOST_DAYS)


def _trial(name: str, contact: str, *, days: int) -> str:
    return _TEMPLATE.format(
        name=name,
        contact=contact,
        trial="true",
        signals=_quoted((Signal.TEXT, Signal.CLICKS, Signal.SCROLLS, Signal.MOVES, Signal.SCREENSHOTS)),
        jurisdictions=_quoted(("EU",)),
        retention_days=days,
        review_days=days,
        grant_max_days=days,
        daily_cap_minutes=_MOST_MINUTES,
        cooling_off_hours=0,
    )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _asked(heeded: tuple[Profile, ...], rules: Rules) -> str:
    """Write what the law of these places asks for, as comments that become entries without their ``#``."""
    if not heeded:
        return ""
    reviewed = ", ".join(f"{profile.name} ({profile.code}), until {profile.expires_on}" for profile in heeded)
    parts = [_comment(f"The law as Overt heeds it, each profile until it expires: {reviewed}. Not legal advice.")]
    if rules.signals_off:
        parts.append(_comment(f"It takes these signals away: {', '.join(sorted(rules.signals_off))}."))
    if rules.documents or rules.demands:
        parts.append(_comment("Nothing can be recorded before these entries are filled in and their # taken away:"))
    parts += [_DOCUMENT.format(kind=kind, words=kind.words) for kind in DocumentKind if kind in rules.documents]
    parts.append(_notice(rules))
    parts += [_comment(f"The notice must carry, word for word: {text}") for text in sorted(rules.texts)]
    return "".join(parts)


def _notice(rules: Rules) -> str:
    facts = rules.facts(date.max)
    lines = [f"# {fact.partition('.')[2]} = {example}" for fact, example in _FACTS.items() if fact in facts]
    return "\n".join(["", "# [notice]", *lines, ""]) if lines else ""


def _comment(text: str) -> str:
    return "\n" + "\n".join(wrap(text, 110, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)) + "\n"
