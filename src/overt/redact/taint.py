"""Which cells of a field must be withheld: looked for in everything that ever stood in it, or might have."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise, permutations
from typing import Final

from overt.redact.clean import widened
from overt.redact.detect import detect
from overt.redact.digits import FEWEST
from overt.redact.echo import Echo
from overt.redact.edit import Edits, Loss, Run
from overt.redact.kinds import RANK, Kind
from overt.redact.lexicon import Lexicon

_MOST_TRIES: Final = 2000
"""Texts; beyond it, it is not tried where a second run may have been put into a first."""
_MOST_RUNS: Final = 6
"""Runs; of more, only neighbours are joined."""

Cells = tuple[int, ...]


@dataclass(slots=True, repr=False)
class Taint:
    """The kind of each withheld cell, and the texts that were found; a taint is never taken back."""

    edits: Edits
    lexicon: Lexicon = field(default_factory=Lexicon)
    kinds: dict[int, Kind] = field(default_factory=dict)
    secrets: set[str] = field(default_factory=set)

    def look(self, cells: Cells) -> None:
        """Run the detectors over the text that *cells* make, and taint what they find, to the whole word."""
        text = self.edits.text(cells)
        found = detect(text)
        self.secrets.update(text[span.start : span.end] for span in found)
        found += self.lexicon.spans(text)
        if found:
            for span in widened(text, found):
                self.mark(cells[span.start : span.end], span.kind)

    def repeats(self, cells: Cells, echo: Echo) -> None:
        """Taint what of *cells* repeats a secret that *echo* remembers."""
        text = self.edits.text(cells)
        for span in widened(text, echo.spans(text)):
            self.mark(cells[span.start : span.end], span.kind)

    def hear(self, echo: Echo) -> None:
        """Taint what of anything that ever stood in the field repeats a secret that *echo* remembers."""
        for cells in dict.fromkeys(_stood(self.edits)):
            self.repeats(cells, echo)

    def stretches(self) -> Iterator[str]:
        """Yield every text in a row that is withheld in anything that ever stood in the field."""
        for cells in dict.fromkeys(_stood(self.edits)):
            for hidden, together in groupby(cells, self.kinds.__contains__):
                if hidden:
                    yield self.edits.text(tuple(together))

    def mark(self, cells: Iterable[int], kind: Kind) -> None:
        """Taint *cells*; of two kinds the more telling one stays."""
        for cell in cells:
            known = self.kinds.get(cell)
            if known is None or RANK[kind] < RANK[known]:
                self.kinds[cell] = kind


def taint_of(edits: Edits, values: Iterable[str], echo: Echo) -> Taint:
    """Find what must be withheld of *edits*; *values* is what the page itself said that the field held."""
    taint = Taint(edits=edits, lexicon=echo.lexicon)
    stood = _stood(edits)
    for cells in dict.fromkeys(stood):
        taint.look(cells)
    for cells in _joined(edits):
        taint.look(cells)
    if _lost_track(edits):
        _be_careful(taint, stood)
    _look_again(taint, values, echo)
    for withheld in taint.stretches():
        echo.add(withheld)
    return taint


def learn(edits: Edits, echo: Echo) -> bool:
    """Let *echo* know the secrets of *edits*, of which nothing else will be kept; say whether there are any."""
    taint = Taint(edits=edits)
    for cells in dict.fromkeys(_stood(edits)):
        taint.look(cells)
    for secret in taint.secrets:
        echo.add(secret)
    return bool(taint.secrets)


def _look_again(taint: Taint, values: Iterable[str], echo: Echo) -> None:
    """Taint what repeats a secret of the field's own value, of an earlier field, or of this one."""
    for value in values:
        for span in widened(value, detect(value)):
            taint.secrets.add(value[span.start : span.end])
    for secret in taint.secrets:
        echo.add(secret)
    taint.hear(echo)


def _stood(edits: Edits) -> list[Cells]:
    """Return everything that is known to have stood in the field, and all that was typed, in its order."""
    return [*edits.states, *(tuple(run.cells) for run in edits.runs), tuple(range(len(edits.chars)))]


def _joined(edits: Edits) -> Iterator[Cells]:
    """Yield the texts that runs may have made together, whatever the place at which each was put in."""
    if _lost_track(edits):
        runs = [tuple(run.cells) for run in edits.runs if run.cells]
    else:
        runs = []
        for first, seconds in _insertions(edits):
            for second in seconds:
                yield from _put_in(edits, first, second)
    if len(runs) > 1:
        yield tuple(cell for run in runs for cell in run)
        pairs = permutations(runs, 2) if len(runs) <= _MOST_RUNS else ((b, a) for a, b in pairwise(runs))
        yield from (first + second for first, second in pairs)


def _insertions(edits: Edits) -> Iterator[tuple[Cells, list[Cells]]]:
    """Yield the first of two runs, and with it everything that the second ever was: each state, and each word's end."""
    filled = [run for run in edits.runs if run.touched]
    if len(filled) == 2:  # noqa: PLR2004 - one run put into another
        first, second = filled
        cells = tuple(second.cells)
        ends = [cells[:at] for at in range(1, len(cells)) if edits.chars[cells[at]].isspace()]
        states = [state for state in edits.states if state and min(state) >= second.since]
        yield tuple(first.cells), list(dict.fromkeys([cells, *ends, *states]))


def _put_in(edits: Edits, first: Cells, second: Cells) -> Iterator[Cells]:
    """Yield *second* put into *first* at every place, and over each of its words."""
    yield from (first[:at] + second + first[at:] for at in range(len(first) + 1))
    text = edits.text(first)
    starts = [at for at in range(len(text)) if not text[at].isspace() and (at == 0 or text[at - 1].isspace())]
    for start in starts:
        end = start
        while end < len(text) and not text[end].isspace():
            end += 1
        yield first[:start] + second + first[end:]


def _lost_track(edits: Edits) -> bool:
    """Say whether there is more that may have stood in the field than can be tried."""
    runs = [run for run in edits.runs if run.touched]
    if edits.losses - {Loss.CARET} or len(runs) > 2:  # noqa: PLR2004 - see _insertions
        return True
    return any((len(first) + 1) * len(seconds) > _MOST_TRIES for first, seconds in _insertions(edits))


def _be_careful(taint: Taint, stood: list[Cells]) -> None:
    """Withhold what could be part of a secret whose rest was not seen: digits, ends of runs, tokens unlike words."""
    edits = taint.edits
    digits = [cell for cell, char in enumerate(edits.chars) if char.isdigit()]
    if len(digits) >= FEWEST:
        taint.mark(digits, Kind.NUMBER)
    others = len(edits.runs) > 1 and bool(edits.losses - {Loss.PASTE})
    for run in edits.runs:
        taint.mark(_open_ends(edits, run, others=others), Kind.SECRET)
    for cells in stood:
        for token in _tokens(edits, cells):
            if _unlike_a_word(edits.text(token)):
                taint.mark(token, Kind.SECRET)


def _open_ends(edits: Edits, run: Run, *, others: bool) -> Iterator[int]:
    """Yield the cells of the words at those ends of *run* that other text may touch."""
    tokens = list(_tokens(edits, tuple(run.cells)))
    if tokens and (run.left or others) and not edits.chars[run.cells[0]].isspace():
        yield from tokens[0]
    if tokens and (run.right or others) and not edits.chars[run.cells[-1]].isspace():
        yield from tokens[-1]


def _tokens(edits: Edits, cells: Cells) -> Iterator[Cells]:
    token: list[int] = []
    for cell in cells:
        if not edits.chars[cell].isspace():
            token.append(cell)
        elif token:
            yield tuple(token)
            token = []
    if token:
        yield tuple(token)


def _unlike_a_word(token: str) -> bool:
    letters, digits = any(char.isalpha() for char in token), any(char.isdigit() for char in token)
    flips = any(a.islower() and b.isupper() for a, b in pairwise(token))
    return (letters and digits) or "@" in token or flips
