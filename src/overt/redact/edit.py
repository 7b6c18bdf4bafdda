"""What a field holds as keys edit it, counted in cells: each typed character has an id that it keeps for good."""

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

WINDOW: Final = 256
"""Cells on either side of the caret that a state remembers; no secret that is looked for is longer than two."""


class Loss(Enum):
    """How the place of the caret, or what stands around it, became unknown."""

    CARET = auto()
    """The caret moved within what was typed (a click, or the focus came back)."""
    UNKNOWN = auto()
    """Text may have been removed or replaced, none that we know of put in (a selection, an undo)."""
    PASTE = auto()
    """Text that we did not see stands where the caret was."""


@dataclass(slots=True, repr=False)
class Run:
    """Text typed without losing sight of the caret, its cells numbered from *since*; *touched* once there was one.

    *left* and *right* say that unseen text may touch that end.
    """

    cells: list[int] = field(default_factory=list)
    left: bool = False
    right: bool = False
    since: int = 0
    touched: bool = False


@dataclass(slots=True, repr=False)
class Edits:
    """The cells of one field: *chars* in the order typed, runs of them, and every state that was ever on the screen.

    *states* are tuples of cell ids. A state that a later one contains from its beginning is not remembered apart.
    """

    chars: list[str] = field(default_factory=list)
    runs: list[Run] = field(default_factory=lambda: [Run()])
    states: list[tuple[int, ...]] = field(default_factory=list)
    losses: set[Loss] = field(default_factory=set)
    caret: int = 0
    _all: bool = False
    _unseen: bool = False

    @property
    def now(self) -> list[int]:
        """The cells of the current run, in the order in which they stand."""
        return self.runs[-1].cells

    def insert(self, char: str) -> None:
        """Type *char* at the caret, over the selection if there is one."""
        self._replace_selection()
        middle = self.caret < len(self.now)
        if middle:
            self.note()
        self.chars.append(char)
        self.now.insert(self.caret, len(self.chars) - 1)
        self.runs[-1].touched = True
        self.caret += 1
        self._unseen = True
        if middle:
            self.note()

    def splice(self, at: int, removed: int, text: str) -> None:
        """Take *removed* characters out at *at* and put *text* in, at once."""
        middle = removed or at < len(self.now)
        if middle:
            self.caret = at + removed
            self.note(whole=removed > WINDOW)
        cells = self.draft(text)
        self.now[at : at + removed] = cells
        self.runs[-1].touched = True
        self.caret = at + len(cells)
        self._unseen = True
        if middle or len(cells) > WINDOW:
            self.note(whole=len(cells) > WINDOW)

    def put_back(self, at: int, cells: tuple[int, ...]) -> None:
        """Put *cells* in again that were taken out."""
        self.now[at:at] = cells
        self.caret = at + len(cells)
        self._unseen = True

    def draft(self, text: str) -> list[int]:
        """Make cells of *text* that stand nowhere yet, and return them."""
        self.chars.extend(text)
        return list(range(len(self.chars) - len(text), len(self.chars)))

    def erase(self, *, forward: bool = False, word: bool = False) -> None:
        """Delete the character, or the *word*, before the caret, or after it when *forward*."""
        if self._replace_selection():
            return
        end = (self._word_right() if word else self.caret + 1) if forward else self.caret
        start = self.caret if forward else (self._word_left() if word else self.caret - 1)
        if start < 0 or end > len(self.now):
            self._erase_beyond()
            return
        self.note()
        del self.now[start:end]
        self.caret = start
        self._unseen = True
        self.note()

    def move(self, place: str) -> None:
        """Move the caret by the key *place*: ``left``, ``right``, ``home`` or ``end``."""
        end = len(self.now)
        targets = {"left": self.caret - 1, "right": self.caret + 1, "home": 0, "end": end}
        if self._all:
            targets |= {"left": 0, "right": end}
        self._all = False
        self.caret = min(max(targets[place], 0), end)

    def select_all(self) -> None:
        """Select all that the field holds; what is typed next replaces it."""
        self._all = True

    def lose(self, loss: Loss) -> None:
        """Forget where the caret is: what is typed next is a run of its own."""
        self.note()
        paste = loss is Loss.PASTE
        if paste or len(self.chars):
            self.losses.add(loss)
        if paste and (self._all or self.caret < len(self.now)):
            self.losses.add(Loss.UNKNOWN)
        if self.runs[-1].touched:
            self.runs[-1].right |= paste
            self.runs.append(Run(since=len(self.chars)))
        self.runs[-1].left |= paste
        self.caret = 0
        self._all = False

    def note(self, *, whole: bool = False) -> None:
        """Remember what is around the caret, or the *whole*, if anything changed since it was last remembered."""
        if self._unseen or whole:
            around = slice(None) if whole else slice(max(0, self.caret - WINDOW), self.caret + WINDOW)
            self.states.append(tuple(self.now[around]))
            self._unseen = False

    def text(self, cells: tuple[int, ...]) -> str:
        """Return the characters of *cells*."""
        return "".join([self.chars[cell] for cell in cells])

    def _replace_selection(self) -> bool:
        """Delete everything if everything is selected, and say whether it was."""
        if not self._all:
            return False
        self._all = False
        self.note()
        self.now.clear()
        self.caret = 0
        return True

    def _erase_beyond(self) -> None:
        """Erase what this run does not know: of an earlier run, if there is one."""
        if len(self.runs) > 1:
            self.losses.add(Loss.UNKNOWN)

    def _word_left(self) -> int:
        place = self.caret
        while place > 0 and self.chars[self.now[place - 1]].isspace():
            place -= 1
        while place > 0 and not self.chars[self.now[place - 1]].isspace():
            place -= 1
        return place if place < self.caret else -1

    def _word_right(self) -> int:
        place, end = self.caret, len(self.now)
        while place < end and self.chars[self.now[place]].isspace():
            place += 1
        while place < end and not self.chars[self.now[place]].isspace():
            place += 1
        return place if place > self.caret else end + 1
