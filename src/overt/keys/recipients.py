"""Who may read an episode, as public keys."""

from dataclasses import dataclass

from overt.format.episode import SectionName


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRecipients:
    """The age recipients (``age1pq1…``) of the three roles."""

    auditor: str
    exporter: str
    employee: str

    def of(self, section: SectionName) -> list[str]:
        """Return the recipients that may read *section*: the auditor reads no content."""
        readers = [self.exporter, self.employee]
        return [self.auditor, *readers] if section == "m" else readers
