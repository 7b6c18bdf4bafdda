"""Why a field's text changed: each change that the page reports is held against the keys and acts that came before."""

import unicodedata
from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

_SOON_NS: Final = 2_000_000_000
_LATE_NS: Final = 600_000_000
"""A key that has not been reported after this long never will be, if the page reports anything."""
_MENU_NS: Final = 30_000_000_000
_MOST: Final = 512
_SEQUENCE: Final = 4
"""Keys that one composed character may take (X11's compose table has few longer ones)."""

_SHOWN: Final = 2
"""Characters that stand for an unfinished sequence."""


class Act(Enum):
    """What a person does that changes a field's text otherwise than by a key's own character."""

    PASTE = auto()
    CUT = auto()
    UNDO = auto()
    ENTER = auto()
    ERASE = auto()
    """Backspace."""
    DELETE = auto()
    """Any other key that takes text out."""
    COMPOSE = auto()
    """A dead key, Compose, or a key whose character is not known."""
    CHOICE = auto()
    """Any other named key: it may take a suggestion."""
    POINTER = auto()
    """A button: a menu, a drag of text, a suggestion, a correction of spelling, a button that empties the field."""
    MISSED = auto()
    """Keys may have gone in that the gate did not let through."""

    @property
    def lasts_ns(self) -> int:
        """How long after it a change may still be its doing."""
        return _MENU_NS if self in {Act.POINTER, Act.CHOICE} else _SOON_NS


_BLOCKS: Final = frozenset({Act.PASTE, Act.UNDO, Act.COMPOSE, Act.MISSED})
"""Acts that nearly always put text in: what comes after them is not looked for before they have."""
_BY_ITSELF: Final = frozenset({Act.POINTER, Act.CHOICE})
"""Acts that explain nothing while keys are awaited: what a page writes then it writes because of the keys."""
_PUTS_NOTHING: Final = frozenset({None, Act.ERASE, Act.DELETE, Act.CUT})
_TAKES_OUT: Final = frozenset({Act.ERASE, Act.DELETE, Act.CUT, Act.MISSED})


class Origin(Enum):
    """Where a cell of a field comes from."""

    TYPED = auto()
    PUT = auto()
    """By an act: pasted, chosen, dragged, brought back."""
    FOUND = auto()
    """It stood there before, or the page put it there while nobody had touched the field."""
    PAGE = auto()
    """Nothing that was seen explains it."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Awaited:
    """A key's character, or an act, whose effect has not been reported yet; *number* counts the characters."""

    at_ns: int
    char: str = ""
    act: Act | None = None
    number: int = 0


@dataclass(slots=True, repr=False)
class Explainer:
    """Keys and acts in the order in which they were done, the oldest of which has not had its effect yet.

    *seen* is the number of the last character that was reported, *swallowed* how many characters before it never were.
    """

    awaited: deque[Awaited] = field(default_factory=deque)
    typed: int = 0
    seen: int = 0
    swallowed: int = 0
    touched: bool = False
    last: Awaited | None = None
    composing: Awaited | None = None
    strange: deque[tuple[str, int]] = field(default_factory=deque)
    """Characters that nothing explains, and when they were reported; the key may come after its report."""

    def key(self, text: str, at_ns: int) -> None:
        """A key types *text*."""
        for char in text:
            self.typed += 1
            awaited = Awaited(at_ns=at_ns, char=char, number=self.typed)
            if self.strange and same(self.strange[0][0], char) and at_ns - self.strange[0][1] < _LATE_NS:
                self.strange.popleft()
                self.seen, self.touched = self.typed, True
            else:
                self._add(awaited)

    def act(self, act: Act, at_ns: int) -> Awaited:
        """Something else was done; returns its place among what is awaited."""
        if act is Act.MISSED:
            self.typed += 1
        done = Awaited(at_ns=at_ns, act=act, number=self.typed if act is Act.MISSED else 0)
        if act is Act.COMPOSE:
            self.composing = done
        self._add(done)
        return done

    def waits(self) -> bool:
        """Say whether a report is to come: for a character, or for a key that was not let in."""
        return any(each.number for each in self.awaited)

    def pending(self) -> list[str]:
        """Return the characters whose keys were pressed and which no report has shown."""
        return [each.char for each in self.awaited if each.char]

    def unseen(self, number: int) -> str:
        """Return what the awaited keys up to *number* add to the text, Backspace counted."""
        return "".join(each.char for each in self._adding(number))

    def overdue(self, now_ns: int) -> bool:
        """Say whether a key that adds to the text should have been reported by *now_ns*, if it went into the field."""
        return any(now_ns - each.at_ns > _LATE_NS for each in self._adding(self.typed))

    def _adding(self, number: int) -> list[Awaited]:
        keys: list[Awaited] = []
        for each in self.awaited:
            if each.number > number:
                break
            if each.char:
                keys.append(each)
            elif each.act is Act.ERASE and keys:
                keys.pop()
        return keys

    def inserted(self, text: str, at_ns: int) -> tuple[list[Origin], Awaited | None]:
        """Say of each character of *text*, put in by one change, where it comes from, and which act put any of it in.

        One change may show many keys, and a paste among them.
        """
        self._expire(at_ns)
        if not self.touched:
            return [Origin.FOUND] * len(text), None
        head = self._typed(text)
        if head == len(text):
            return [Origin.TYPED] * head, None
        act = self._take_act(text[head:]) or self._composed(text[head:], at_ns)
        if act is None:
            self.strange.extend((char, at_ns) for char in text[head:])
            return [Origin.TYPED] * head + [Origin.PAGE] * (len(text) - head), None
        tail = self._tail(text[head:], act)
        size = len(text) - head - tail
        middle = Origin.TYPED if act.act in {Act.COMPOSE, Act.MISSED, Act.ENTER} else Origin.PUT
        if act.act is Act.MISSED and size > 1 + self._missed(size - 1):
            middle = Origin.PAGE
            self.strange.extend((char, at_ns) for char in text[head : head + size])
        return [Origin.TYPED] * head + [middle] * size + [Origin.TYPED] * tail, act

    def _missed(self, most: int) -> int:
        """Take up to *most* further keys that were not let in: each may be one character."""
        taken = 0
        while taken < most and self.awaited and self.awaited[0].act is Act.MISSED:
            self.last = self.awaited.popleft()
            self.seen = max(self.seen, self.last.number)
            taken += 1
        return taken

    def deleted(self, at_ns: int) -> Awaited | None:
        """Return the cut or the missed key that took text out, if one is awaited; all else needs no reason."""
        self._expire(at_ns)
        for each in self.awaited:
            if each.act in _TAKES_OUT:
                self.awaited.remove(each)
                self.seen = max(self.seen, each.number)
                return each
        return None

    def confirm(self, at_ns: int) -> None:
        """The field's own value was as expected: what had not been reported by then, the page has swallowed."""
        self.swallowed = 0
        self.awaited = deque(each for each in self.awaited if not each.number or at_ns - each.at_ns < _LATE_NS)

    def take(self, count: int) -> None:
        """The first *count* awaited characters were seen elsewhere: in what the field held from the beginning."""
        for _ in range(count):
            while self.awaited and not self.awaited[0].char:
                self.awaited.popleft()
            if self.awaited:
                self.seen = self.awaited.popleft().number

    def recognise(self, text: str) -> int:
        """Return how many of *text*'s last characters can be keys that no report showed, because it held them already.

        Keys that were not let in may be any of them, but no more than there were.
        """
        numbered = [each for each in self.awaited if each.number]
        if len(numbered) > len(self.pending()) and len(text) <= len(numbered):
            self._pass(numbered[len(text) - 1])
            return len(text)
        return 0

    def _pass(self, last: Awaited) -> None:
        """Everything up to *last* has had its effect."""
        while self.awaited[0] is not last:
            self.awaited.popleft()
        self.awaited.popleft()
        self.seen = last.number

    def _add(self, awaited: Awaited) -> None:
        self.touched = True
        self.awaited.append(awaited)
        while len(self.awaited) > _MOST:
            self.swallowed += bool(self.awaited.popleft().char)

    def _expire(self, at_ns: int) -> None:
        """Forget acts that are too old to be the reason of anything."""
        if any(each.act and at_ns - each.at_ns > each.act.lasts_ns for each in self.awaited):
            self.awaited = deque(
                each for each in self.awaited if not each.act or at_ns - each.at_ns <= each.act.lasts_ns
            )
        if self.last is not None and self.last.act and at_ns - self.last.at_ns > self.last.act.lasts_ns:
            self.last = None

    def _typed(self, text: str) -> int:
        """Take as many of *text*'s characters as the next keys typed, and return how many."""
        taken = 0
        while taken < len(text):
            place = self._next(text[taken])
            if place is None:
                break
            self._skip(place)
            self.seen = self.awaited.popleft().number
            self.last = None
            taken += 1
        return taken

    def _skip(self, count: int) -> None:
        """Pass over the first *count*: a character that was erased again before a report needs none."""
        for _ in range(count):
            erased = any(each.act in {Act.ERASE, Act.DELETE} for each in self.awaited)
            self.swallowed += bool(self.awaited.popleft().char) and not erased

    def _next(self, char: str) -> int | None:
        """Return the place of the first awaited *char*; acts that explain text are not passed over."""
        for place, each in enumerate(self.awaited):
            if each.char and same(each.char, char):
                return place
            if each.act in _BLOCKS:
                return None
        return None

    def _take_act(self, text: str) -> Awaited | None:
        """Return the first act that can have put *text* in; the one before may go on having effects."""
        typing = any(each.char for each in self.awaited)
        for place, each in enumerate(self.awaited):
            if each.act in _PUTS_NOTHING or (each.act is Act.ENTER and not text.startswith("\n")):
                continue
            if typing and each.act in _BY_ITSELF:
                continue
            self._skip(place)
            self.last = self.awaited.popleft()
            self.seen = max(self.seen, self.last.number)
            return self.last
        lasting = self.last is not None and self.last.act is not Act.MISSED
        return self.last if lasting and not (typing and self.last and self.last.act in _BY_ITSELF) else None

    def _composed(self, text: str, at_ns: int) -> Awaited | None:
        """Return the Compose key of whose sequence *text* is a state: browsers show it while it is being typed."""
        begun = self.composing
        short = len(text) <= _SHOWN and begun is not None and at_ns - begun.at_ns <= Act.COMPOSE.lasts_ns
        return begun if short else None

    def _tail(self, text: str, act: Awaited) -> int:
        """Take the keys after *act* that *text* ends with, and return how many they are."""
        after = self.pending()
        skip = _SEQUENCE if act.act is Act.COMPOSE else 0
        for size in range(min(len(after), len(text)), 0, -1):
            for start in range(min(skip, len(after) - size) + 1):
                if all(map(same, after[start : start + size], text[-size:])):
                    self.take(start + size)
                    return size
        if act.act is Act.COMPOSE:
            self.take(_composing(after, text[-1]))
        return 0


def same(one: str, other: str) -> bool:
    """Say whether two characters are the same text: rich editors write a space as one that does not break."""
    return one == other or (one.isspace() and other.isspace())


def _composing(after: list[str], composed: str) -> int:
    """Return how many of the keys *after* Compose went into *composed*."""
    base = unicodedata.normalize("NFD", composed)[0].casefold()
    if not base.isalnum():
        return 0  # an accent that waits for its letter
    for place, char in enumerate(after[:_SEQUENCE]):
        if char.casefold() == base:
            return place + 1
    return min(2, len(after))
