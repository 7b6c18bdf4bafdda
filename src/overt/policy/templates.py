"""The policy that a new organisation starts from, and the one that a trial uses."""

from typing import Final

_TEMPLATE: Final = """\
# What {name} offers and promises to the people who let themselves be recorded.
# Change it, then run: overt policy check policy.toml && overt policy sign policy.toml
format = "overt-policy/1"
trial = {trial}

# Sites, signals and purposes are offered here; each stays off until a person switches it on.
sites = ["google", "wikipedia", "linkedin"]
signals = ["text", "clicks", "scrolls", {fine}"screenshots"]
purposes = ["model_training", "model_evaluation"]

# Nothing can ever be exported for these. Every policy names all four.
prohibited = [
    "performance_monitoring",
    "individual_scoring",
    "emotion_inference",
    "biometric_identification",
]

# Whose law applies (ISO 3166, with a part of a country where it matters).
jurisdictions = ["EU"]

[controller]
name = "{name}"
contact = "{contact}"

[limits]
retention_days = {retention_days}
grant_max_days = {grant_max_days}
daily_cap_minutes = 120
cooling_off_hours = {cooling_off_hours}
"""


def new_policy_text(name: str, contact: str) -> str:
    """Return a policy for *name* (reached at *contact*) with careful defaults, as TOML to be edited.

    Neither argument may hold a quotation mark, a backslash or a control character.
    """
    return _TEMPLATE.format(
        name=name,
        contact=contact,
        trial="false",
        fine="",
        retention_days=180,
        grant_max_days=183,
        cooling_off_hours=24,
    )


def trial_policy_text() -> str:
    """Return the policy of a trial: no time to think again, short retention, and marked as a trial in every record."""
    return _TEMPLATE.format(
        name="Trial on this computer",
        contact="the person at this computer",
        trial="true",
        fine='"moves", ',
        retention_days=30,
        grant_max_days=30,
        cooling_off_hours=0,
    )
