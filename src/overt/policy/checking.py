"""Everything that stands against signing a policy on a day: what is malformed, refused, or more than the law leaves."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from overt.policy.document import Policy, read_policy
from overt.policy.effective import excesses, refusals
from overt.policy.law import Profile
from overt.policy.positions import Path, line_of, positions
from overt.policy.problems import Problem

_PART: Final = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")


def check_policy(text: str, profiles: Mapping[str, Profile], on: date) -> tuple[Problem, ...]:
    """Return every problem of the policy document *text* on the day *on* (UTC) under those of *profiles* it names.

    Problems are in the order of their lines. Nothing is said about the law of a document that cannot be read.
    """
    outcome = read_policy(text)
    if not isinstance(outcome, Policy):
        return outcome
    refused = refusals(outcome, profiles, on)
    unknown = any(code not in profiles for code in outcome.jurisdictions)
    found = refused if unknown else (*refused, *excesses(outcome, profiles))
    lines = positions(text)
    placed = (replace(problem, line=line_of(lines, _path(problem.entry))) for problem in found)
    return tuple(sorted(placed, key=lambda problem: problem.line))


def _path(entry: str) -> Path:
    """Read back how a problem writes the path of an entry; elements are counted from 1 there."""
    return tuple(name or int(number) - 1 for name, number in _PART.findall(entry))
