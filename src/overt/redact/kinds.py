"""What can be withheld from a text, and the marker that stands in its place."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """A kind of secret; earlier members win where two claim the same characters."""

    PRIVATE_KEY = "PRIVATE_KEY"
    CONNECTION = "CONNECTION"
    API_KEY = "API_KEY"
    TOKEN = "TOKEN"  # noqa: S105 - the name of a kind
    PASSWORD = "PASSWORD"  # noqa: S105 - likewise
    PERSONAL = "PERSONAL"
    """A word of the person's own list: their name, their address, their number."""
    EMAIL = "EMAIL"
    IBAN = "IBAN"
    CREDIT_CARD = "CREDIT_CARD"
    SSN = "SSN"
    NATIONAL_ID = "NATIONAL_ID"
    """A number by which a state knows a person: of identity, tax, insurance or travel."""
    IP = "IP"
    """An address of the internet protocol, or of a network card."""
    BIRTH_DATE = "BIRTH_DATE"
    POSTAL_ADDRESS = "POSTAL_ADDRESS"
    ID_NUMBER = "ID_NUMBER"
    """What follows the name of a number that stands for a person: of an account, a customer, a patient."""
    USERNAME = "USERNAME"
    SECRET = "SECRET"  # noqa: S105 - a token too random to be a word
    PHONE = "PHONE"
    NUMBER = "NUMBER"
    """Five or more digits that are no date, year, price or quantity: whatever they are, they are not needed."""
    PERSON = "PERSON"
    """Somebody's name, known as one by the structure of the page it stands on; no detector guesses names."""
    REPEATED = "REPEATED"
    """What had been withheld before, met again in a title, an address or a name."""

    @property
    def marker(self) -> str:
        """The text that stands for what is withheld: ``[CREDIT_CARD]``, whatever its length was."""
        return f"[{self.value}]"


RANK = {kind: rank for rank, kind in enumerate(Kind)}
"""The order of precedence, the most telling kind first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The characters from *start* up to *end* of a text are of *kind*."""

    start: int
    end: int
    kind: Kind


def merged(spans: list[Span]) -> list[Span]:
    """Return *spans* in order, overlapping ones made one that has the more telling kind."""
    result: list[Span] = []
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if result and span.start < result[-1].end:
            last = result[-1]
            kind = min(last.kind, span.kind, key=RANK.__getitem__)
            result[-1] = Span(start=last.start, end=max(last.end, span.end), kind=kind)
        else:
            result.append(span)
    return result
