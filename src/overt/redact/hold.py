"""A field's text, held from its first key until the field's epoch ends, and the segments to be made of it."""

from dataclasses import dataclass, field
from typing import Final

from overt.events.context import FieldInfo
from overt.events.geometry import Rect
from overt.redact.echo import Echo
from overt.redact.edit import Edits
from overt.redact.fold import storable
from overt.redact.kinds import RANK, Kind
from overt.redact.stream import Agreement, Mark, Stream
from overt.redact.taint import Taint, learn, taint_of

_MOST_VALUES: Final = 16
_LONGEST_VALUE: Final = 8192

OVERFLOW: Final = "overflow"
"""The reason of a field that held more than fits."""


@dataclass(slots=True, kw_only=True, repr=False, eq=False)
class Hold:
    """One field of one visit, shown in the content *area* of its page.

    Its text is modelled twice: *edits* by the keys alone, *stream* by what the page reports. *blurred_ns* is when it
    lost the focus. *secret* is set when the field turns out to be one of which nothing may be kept, and *full* when it
    held more than fits. *missed* says that keys may have gone into it unseen. *refusal* is why nothing of it may be
    kept after all, until that has been told; *agreement* is what came of comparing the two models.
    """

    key: str
    visit: int
    info: FieldInfo | None
    area: Rect
    limit: int
    stream: Stream
    edits: Edits = field(default_factory=Edits)
    values: list[str] = field(default_factory=list)
    blurred_ns: int | None = None
    secret: bool = False
    full: bool = False
    missed: bool = False
    refusal: str | None = None
    agreement: Agreement | None = None
    _taint: Taint | None = None
    _shows_more: bool = False
    _said: tuple[int, ...] = ()
    _told: tuple[int, ...] = ()

    @property
    def committed(self) -> bool:
        """Whether the epoch has ended, so that segments may be made."""
        return self._taint is not None

    @property
    def tainted(self) -> bool:
        """Whether anything of the field is withheld."""
        refused = self.secret or self.full or self.refusal is not None or self._shows_more
        return refused or (self._taint is not None and bool(self._taint.kinds or self._taint.secrets))

    @property
    def exact(self) -> bool:
        """Whether the text is the one that the page reported; known once it is *committed*."""
        return self.agreement in {Agreement.AGREED, Agreement.LATE}

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
        self.edits, self.values, self.stream = Edits(), [], Stream(limit=self.limit)

    def only_digits(self) -> bool:
        """Say whether nothing but digits and signs was typed: it may be one box of several for one number."""
        chars = self._chars()
        return any(char.isdigit() for char in chars) and not any(char.isalpha() for char in chars)

    def digits(self) -> int:
        """Count the digits typed."""
        return sum(char.isdigit() for char in self._chars())

    def _chars(self) -> list[str]:
        """Return what was put in, as the keys or the page tell it, whichever is more."""
        stream = self.stream
        put = [char for cell, char in enumerate(stream.edits.chars) if cell not in stream.found]
        return max(self.edits.chars, put, key=len)

    def unsaid(self) -> tuple[int, ...]:
        """Return the cells that the field holds, or none if the last segment had the very same."""
        cells, before = tuple(self.edits.now), self._said
        self._said = cells
        return () if cells == before else cells

    def commit(self, echo: Echo, *, now_ns: int, whole: bool = False) -> None:
        """End the epoch at *now_ns*: find what must be withheld, everything if *whole*; *echo* learns it."""
        if self._taint is not None:
            return
        self.edits.note()
        self.stream.finish()
        self.agreement = self.stream.agreement(now_ns)
        kept, other = (self.stream.edits, self.edits) if self.exact else (self.edits, self.stream.edits)
        self._shows_more = learn(other, echo)
        self._taint = taint_of(kept, self.values, echo)
        if whole:
            self._taint.mark(range(len(kept.chars)), Kind.NUMBER)
        if self.full:
            self.refusal = OVERFLOW
        elif self.agreement.withholds:
            self.refusal = self.agreement.value

    def hear(self, echo: Echo) -> None:
        """Withhold what repeats a secret that *echo* has learnt since the epoch ended."""
        if self._taint is not None:
            self._taint.hear(echo)

    def refuse(self) -> str | None:
        """Return why nothing of the field may be kept, once; it is secret from then on."""
        reason, self.refusal = self.refusal, None
        self.secret |= reason is not None
        return reason

    def told(self, cells: tuple[int, ...], mark: Mark | None) -> tuple[int, ...]:
        """Return the cells to write for a moment: by the keys *cells*, by the page *mark*; none if told before."""
        if not self.exact:
            return cells
        now = (mark.cells if mark is not None else None) or ()
        before, self._told = self._told, now
        return () if now == before else tuple(cell for cell in now if cell not in self.stream.found)

    def written(self, cells: tuple[int, ...]) -> tuple[str, tuple[str, ...]]:
        """Write *cells* (of the model that is kept), a marker for each run of withheld ones, and name the kinds."""
        assert self._taint is not None
        parts: list[str] = []
        kinds: list[Kind] = []
        gap = ""
        open_run = False
        for cell in cells:
            char, kind = self._taint.edits.chars[cell], self._taint.kinds.get(cell)
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
