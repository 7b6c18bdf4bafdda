"""Reasons that may be stored: why an event inside an allowlisted page was dropped, and why a session ended."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class DropReason(StrEnum):
    """Why the gate dropped an event inside an allowlisted page. Outside, nothing is counted and no reason exists."""

    SECRET_FIELD = "secret_field"  # noqa: S105 - a reason, not a password
    UNKNOWN_CONTEXT = "unknown_context"
    LATE = "late"
    """The event waited so long that the context before it can no longer be known."""
    PAGE_NOT_ALLOWED = "page_not_allowed"
    FOREIGN_FRAME = "foreign_frame"
    PRIVATE_WINDOW = "private_window"
    BROWSER_CHROME = "browser_chrome"
    OUTSIDE_DOCUMENT = "outside_document"
    """A pointer event that did not hit the page's own box."""
    SIGNAL_NOT_GRANTED = "signal_not_granted"
    NO_GRANT = "no_grant"
    FOCUS_MOVED = "focus_moved"
    """The focus moved to another field so close to the key that the key could belong to either."""
    FRAME_BUDGET = "frame_budget"
    """A picture for which the hour's bytes had no room; not of the gate, and no event."""
    UNMATCHED_RELEASE = "unmatched_release"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """The gate said no, and this is why. It carries nothing of the event."""

    reason: DropReason


class EndReason(StrEnum):
    """Why a session ended."""

    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    """The controller ended the consent."""
    EXPIRED = "expired"
    CHANGED = "changed"
    """What was agreed to is no longer what the organisation offers, or another grant has taken its place."""
    INVALID = "invalid"
    """The grant or the bundle is no longer what was signed."""
    LAW = "law"
    """The law of the policy's places permits no recording any more."""
    OUTSIDE_HOURS = "outside_hours"
    INDICATOR_LOST = "indicator_lost"
    DESKTOP_LOST = "desktop_lost"
    STORAGE = "storage"
    DAILY_CAP = "daily_cap"
    ERROR = "error"

    @property
    def ends_consent(self) -> bool:
        """Whether nothing covers any longer what is held and not yet committed."""
        return self in _OF_CONSENT

    @property
    def bars_capture(self) -> bool:
        """Whether not even what lies in the hook's queue may be taken: consent or a limit of the policy has ended."""
        return self in _OF_CONSENT or self in {EndReason.OUTSIDE_HOURS, EndReason.DAILY_CAP}


_OF_CONSENT: Final = frozenset(
    {
        *(EndReason.WITHDRAWN, EndReason.REVOKED, EndReason.EXPIRED),
        *(EndReason.CHANGED, EndReason.INVALID, EndReason.LAW),
    }
)
