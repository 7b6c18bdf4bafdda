"""Who may read an episode, as public keys."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRecipients:
    """The age recipients (``age1pq1…``) of the roles: metadata goes to all three, content to exporter and employee."""

    auditor: str
    exporter: str
    employee: str
