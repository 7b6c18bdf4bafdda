"""How long a grant may last, when it is time to renew it, and when a person may be asked again."""

import calendar
from datetime import datetime, timedelta
from typing import Final

from overt.consent.grant import Grant, Terms
from overt.policy.document import Policy

RENEWAL_MONTHS: Final = 6
REMINDER: Final = timedelta(days=14)
"""How long before a grant ends its renewal is offered."""
QUIET: Final = timedelta(days=90)
"""How long nobody is asked again, whatever they answered."""

_MONTHS: Final = 12
_TERM_WORDS: Final = (
    ("notice_sha256", "the notice"),
    ("policy_sha256", "the policy"),
    ("recipients_sha256", "who may read"),
)


def six_months_after(at: datetime) -> datetime:
    """Return the same day and time six months after *at*, or the last day of a month that has no such day."""
    years, month = divmod(at.month - 1 + RENEWAL_MONTHS, _MONTHS)
    year = at.year + years
    day = min(at.day, calendar.monthrange(year, month + 1)[1])
    return at.replace(year=year, month=month + 1, day=day)


def latest_end(given_at: datetime, policy: Policy) -> datetime:
    """Return when a grant given at *given_at* ends at the latest: as *policy* says, and never over six months."""
    return min(given_at + policy.grant_max, six_months_after(given_at))


def renewal_from(grant: Grant) -> datetime:
    """Return the instant from which the renewal of *grant* is due: two weeks before its end, not before its start."""
    return max(grant.starts_at, grant.expires_at - REMINDER)


def renewal_due(grant: Grant, at: datetime) -> bool:
    """Say whether *grant* is about to end, or has ended, at the instant *at*."""
    return at >= renewal_from(grant)


def quiet_until(asked_at: datetime) -> datetime:
    """Return until when nobody asks a person again who was asked at *asked_at*: 90 days, and to the end of that day."""
    end = asked_at + QUIET
    midnight = end.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight if midnight == end else midnight + timedelta(days=1)


def may_ask(until: datetime | None, at: datetime) -> bool:
    """Say whether a person may be asked at the instant *at*, who is not to be asked before *until*.

    What the person does of their own accord is no question, and needs no leave.
    """
    return until is None or at >= until


def changed_terms(agreed: Terms, offered: Terms) -> tuple[str, ...]:
    """Return in words which of the terms that a person *agreed* to differ from those now *offered*."""
    return tuple(words for name, words in _TERM_WORDS if getattr(agreed, name) != getattr(offered, name))
