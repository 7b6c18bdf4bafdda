"""A field's text, held from its first key until the field's epoch ends, and the segments to be made of it."""

from dataclasses import dataclass, field
from typing import Final

from overt.events.context import FieldInfo
from overt.events.geometry import Rect
from overt.redact.echo import Echo
from overt.redact.edit import Edits
from overt.redact.fold import storable
from overt.redact.kinds import RANK, Kind
from overt.redact.taint import Taint, taint_of

_MOST_VALUES: Final = 16
_LONGEST_VALUE: Final = 8192


@dataclass(slots=True, kw_only=True, repr=False, eq=False)
class Hold:
    """One field of one visit, shown in the content *area* of its page.

    *blurred_ns* is when it lost the focus. *secret* is set when the field turns out to be one of which nothing may be
    kept, and *full* when it held more than fits. *missed* says that keys may have gone into it unseen.
    """

    key: str
    visit: int
    info: FieldInfo | None
    area: Rect
    limit: int
    edits: Edits = field(default_factory=Edits)
    values: list[str] = field(default_factory=list)
    blurred_ns: int | None = None
    secret: bool = False
    full: bool = False
    missed: bool = False
    _taint: Taint | None = None
    _said: tuple[int, ...] = ()

    @property
    def committed(self) -> bool:
        """Whether the epoch has ended, so that segments may be made."""
        return self._taint is not None

    @property
    def tainted(self) -> bool:
        """Whether anything of the field is withheld."""
        return self.secret or self.full or (self._taint is not None and bool(self._taint.kinds))

    def insert(self, text: str) -> None:
        """Type *text*, unless the field is full or secret."""
        for char in storable(text):
            if len(self.edits.chars) >= self.limit:
                self.full = True
            if not (self.full or self.secret):
                self.edits.insert(char)

    def saw(self, value: str) -> None:
        """Remember that the page said the field held *value*."""
        value = storable(value)[:_LONGEST_VALUE]
        if value not in self.values[-1:]:
            self.values = [*self.values[-_MOST_VALUES:], value]

    def forget(self) -> None:
        """The field is secret: drop every character of it."""
        self.secret = True
        self.edits, self.values = Edits(), []

    def only_digits(self) -> bool:
        """Say whether nothing but digits and signs was typed: it may be one box of several for one number."""
        chars = "".join(self.edits.chars)
        return any(char.isdigit() for char in chars) and not any(char.isalpha() for char in chars)

    def digits(self) -> int:
        """Count the digits typed."""
        return sum(char.isdigit() for char in self.edits.chars)

    def unsaid(self) -> tuple[int, ...]:
        """Return the cells that the field holds, or none if the last segment had the very same."""
        cells, before = tuple(self.edits.now), self._said
        self._said = cells
        return () if cells == before else cells

    def commit(self, echo: Echo, *, whole: bool = False) -> None:
        """End the epoch: find what must be withheld, everything if *whole*; *echo* learns it."""
        if self._taint is None:
            self.edits.note()
            self._taint = taint_of(self.edits, self.values, echo)
            if whole:
                self._taint.mark(range(len(self.edits.chars)), Kind.NUMBER)

    def written(self, cells: tuple[int, ...]) -> tuple[str, tuple[str, ...]]:
        """Write *cells* with a marker for each run of withheld ones, and name the kinds of the markers."""
        assert self._taint is not None
        parts: list[str] = []
        kinds: list[Kind] = []
        gap = ""
        open_run = False
        for cell in cells:
            char, kind = self.edits.chars[cell], self._taint.kinds.get(cell)
            if kind is None and open_run and char.isspace():
                gap += char
            elif kind is None:
                parts += [gap, char]
                gap, open_run = "", False
            elif open_run:
                kinds[-1], gap = min(kinds[-1], kind, key=RANK.__getitem__), ""
                parts[-1] = kinds[-1].marker
            else:
                kinds.append(kind)
                parts.append(kind.marker)
                open_run = True
        return "".join(parts) + gap, tuple(dict.fromkeys(kind.value for kind in kinds))
