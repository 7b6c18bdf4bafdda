"""The model that judges the redactor: a text field of our own, whose every cell knows which secret it came from.

It shares no code with the redactor. Alphabets are disjoint: what is harmless is typed with other letters than any
secret has, so a run of a secret's letters in what comes out was typed as that secret, and is no likeness by chance.
"""

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_plus

from overt.events.redacted import Clicked, PageEntered, Pressed, RedactedFrame, Typed

MOST: Final = 4
"""No more neighbouring cells of one secret than this may ever come out."""
PLAIN: Final = -1
"""The origin of a cell that is of no secret."""
FILLER: Final = ("stone tower", "not sure", "well", "lost result", "two nets", "outer lens", "trees", "no news", "snow")
"""Harmless words of the letters e l n o r s t u w, which the secrets do without."""
HEBREW: Final = "שלום עולם"
_FILLER_LETTERS: Final = frozenset("elnorstuw")
_LOWER: Final = "bcdfghjkmpqvxyz"
_MIXED: Final = _LOWER + _LOWER.upper() + "0123456789"
_APART: Final = "bfghjqvxz"
"""Letters that no label of a password has."""


class Cell(NamedTuple):
    """One character in a field, and its place in the secret that it came from."""

    char: str
    origin: int = PLAIN


def cells(text: str, start: int | None = None) -> list[Cell]:
    """Return *text* as cells: of a secret from its place *start* on, or else of none."""
    return [Cell(char, PLAIN if start is None else start + place) for place, char in enumerate(text)]


@dataclass
class Box:
    """A single-line text field as a browser has it; *by_spaces* says what it takes for a word."""

    cells: list[Cell] = field(default_factory=list)
    caret: int = 0
    anchor: int | None = None
    by_spaces: bool = False
    rtl: bool = False
    undone: list[tuple[list[Cell], int]] = field(default_factory=list)
    done: list[tuple[list[Cell], int]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(cell.char for cell in self.cells)

    @property
    def selection(self) -> tuple[int, int]:
        other = self.caret if self.anchor is None else self.anchor
        return min(self.caret, other), max(self.caret, other)

    def selected(self) -> list[Cell]:
        start, end = self.selection
        return self.cells[start:end]

    def insert(self, new: Iterable[Cell]) -> None:
        start, end = self.selection
        self.replace(start, end, list(new))

    def replace(self, start: int, end: int, new: list[Cell]) -> None:
        if start == end and not new:
            return
        self.done.append((list(self.cells), self.caret))
        self.undone.clear()
        self.cells[start:end] = new
        self.caret, self.anchor = start + len(new), None

    def erase(self, *, ahead: bool, word: bool) -> None:
        start, end = self.selection
        if start == end:
            other = self.word(1 if ahead else -1) if word else self.caret + (1 if ahead else -1)
            start, end = sorted((self.caret, max(0, min(len(self.cells), other))))
        self.replace(start, end, [])

    def move(self, to: int, *, select: bool = False) -> None:
        self.anchor = (self.caret if self.anchor is None else self.anchor) if select else None
        self.caret = max(0, min(len(self.cells), to))

    def step(self, way: int, *, word: bool, select: bool) -> None:
        way = -way if self.rtl else way
        start, end = self.selection
        if start != end and not select and not word:
            self.move(end if way > 0 else start)
        else:
            self.move(self.word(way) if word else self.caret + way, select=select)

    def word(self, way: int) -> int:
        """Return where the word before or after the caret ends."""
        place = self.caret
        while 0 <= (at := place - (way < 0)) < len(self.cells) and not self._in_word(at):
            place += way
        while 0 <= (at := place - (way < 0)) < len(self.cells) and self._in_word(at):
            place += way
        return place

    def _in_word(self, at: int) -> bool:
        char = self.cells[at].char
        return char != " " if self.by_spaces else char.isalnum()

    def undo(self, *, again: bool) -> None:
        here, there = (self.undone, self.done) if again else (self.done, self.undone)
        if here:
            there.append((list(self.cells), self.caret))
            self.cells, self.caret = here.pop()
            self.anchor = None

    def key(self, name: str, held: frozenset[str]) -> None:
        """Do what the key *name* does to a field, but for the clipboard."""
        word, select = "ctrl" in held, "shift" in held
        match name:
            case "backspace" | "delete":
                self.erase(ahead=name == "delete", word=word)
            case "left" | "right":
                self.step(1 if name == "right" else -1, word=word, select=select)
            case "home" | "up":
                self.move(0, select=select)
            case "end" | "down":
                self.move(len(self.cells), select=select)
            case "a" if word:
                self.anchor, self.caret = 0, len(self.cells)
            case "z" | "y" if word:
                self.undo(again=name == "y" or select)


# Secrets


@dataclass(frozen=True)
class Secret:
    """What must not come out, and what stands before it to say what it is."""

    kind: str
    text: str
    label: str = ""


def _of(rnd: random.Random, letters: str, count: int) -> str:
    return "".join(rnd.choice(letters) for _ in range(count))


def _digits(rnd: random.Random, *counts: int, by: str | None = None) -> str:
    gap = rnd.choice(["", " ", "-"]) if by is None else by
    return gap.join(_of(rnd, "0123456789", count) for count in counts)


def _password(rnd: random.Random) -> Secret:
    labels = ("password: ", "my password is ", "pwd=", "passwort: ", "token = ", "mein passwort ist ", "passwd=")
    value = (
        _of(rnd, _APART, rnd.randint(3, 5))
        + rnd.choice(["", "_", ".", "-"])
        + _of(rnd, _APART, 4)
        + _of(rnd, "0123456789", rnd.randint(0, 3))
    )
    return Secret("password", value, rnd.choice(labels))


def _key(rnd: random.Random) -> Secret:
    begin = rnd.choice(["sk-proj-", "ghp_", "AKIA", "xoxb-", "hf_", "glpat-", "sk_live_"])
    return Secret("key", begin + _of(rnd, _MIXED, rnd.randint(24, 40)))


def _phone(rnd: random.Random) -> Secret:
    gap = rnd.choice(["", " ", "-"])
    begin = rnd.choice(["+1", "+49", "+44", "0"])
    return Secret("phone", gap.join([begin, *(_of(rnd, "23456789", count) for count in (3, 3, rnd.randint(3, 4)))]))


def _card(rnd: random.Random) -> Secret:
    groups = rnd.choice([(4, 4, 4, 4), (4, 6, 5)])
    return Secret("card", "4" + _digits(rnd, *groups)[1:])


def _mail(rnd: random.Random) -> Secret:
    who, where = (_of(rnd, _LOWER + "ai", rnd.randint(4, 9)) for _ in range(2))
    return Secret("email", f"{who}@{where}.{rnd.choice(['com', 'org', 'co.uk'])}")


def _connection(rnd: random.Random) -> Secret:
    who, word = _of(rnd, _LOWER, rnd.randint(4, 8)), _of(rnd, _MIXED, rnd.randint(10, 20))
    return Secret("connection", f"postgres://{who}:{word}@db.example.com/app")


def _token(rnd: random.Random) -> Secret:
    return Secret(
        "token", f"eyJ{_of(rnd, _MIXED, 18)}.eyJ{_of(rnd, _MIXED, rnd.randint(20, 40))}.{_of(rnd, _MIXED, 30)}"
    )


KINDS: Final = {
    "card": _card,
    "phone": _phone,
    "email": _mail,
    "iban": lambda rnd: Secret("iban", f"DE{_digits(rnd, 2, 4, 4, 4, 4, 2)}"),
    "ssn": lambda rnd: Secret("ssn", _digits(rnd, 3, 2, 4, by="-")),
    "address": lambda rnd: Secret("address", ".".join(str(rnd.randint(11, 255)) for _ in range(4))),
    "key": _key,
    "token": _token,
    "connection": _connection,
    "password": _password,
}
"""A maker of secrets for each kind, all from our own rules."""


def secret(kind: str, seed: int) -> Secret:
    """Return the secret of *kind* that *seed* stands for."""
    return KINDS[kind](random.Random(f"{kind} {seed}"))


# The judge

_MARKER: Final = re.compile(r"\[[A-Z_]+\]")


def said(records: Sequence[Any]) -> tuple[list[str], list[str]]:
    """Return what *records* say in words: the texts that were typed, in order, and everything else."""
    typed: list[str] = []
    rest: list[str] = []
    for record in records:
        match record:
            case Typed():
                typed.append(record.text)
                rest.append(record.field.name if record.field else "")
            case Pressed(keys=(key,)) if len(key) == 1:
                typed.append(key)
            case PageEntered():
                rest += [record.title, record.query or "", unquote_plus(record.url.partition("?")[2])]
            case Clicked(target=target) if target is not None:
                rest.append(target.name)
            case RedactedFrame():
                rest.append(record.png.decode("latin-1"))
    return typed, rest


def _canon(text: str, *, bare: bool) -> str:
    kept = (char for char in text.casefold() if char.isalnum())
    return "".join(char for char in kept if not (bare and char in _FILLER_LETTERS))


def _views(typed: list[str], rest: list[str]) -> Iterator[str]:
    """Yield each way in which someone who has the records may put them together."""
    yield from rest
    yield "".join(_MARKER.sub("", text) for text in typed)
    pieces = [piece for text in typed for piece in _MARKER.split(text) if piece.strip()][:12]
    yield from pieces
    for pair in permutations(pieces, 2):
        yield "".join(pair)


def leaks(hidden: Secret, records: Sequence[Any]) -> list[str]:
    """Return every view of *records* in which more than four neighbouring cells of *hidden* stand."""
    typed, rest = said(records)
    found = []
    for bare in (False, True):
        whole = _canon(hidden.text, bare=bare)
        runs = {whole[at : at + MOST + 1] for at in range(len(whole) - MOST)}
        own = _canon(" ".join((hidden.label, *FILLER)), bare=bare)
        runs = {run for run in runs if run not in own}
        shown = (_canon(_MARKER.sub("|", view), bare=bare) for view in _views(typed, rest))
        found += [view for view in shown if any(run in view for run in runs)]
    return found


# The model and the judge can themselves be wrong


def test_a_box_edits_as_a_browser_does() -> None:
    box = Box()
    box.insert(cells("one two"))
    box.key("left", frozenset({"ctrl"}))
    box.insert(cells("x"))
    box.key("end", frozenset({"shift"}))

    assert [cell.char for cell in box.selected()] == list("two")

    box.key("backspace", frozenset())
    box.key("backspace", frozenset({"ctrl"}))
    assert box.text == "one "
    box.key("z", frozenset({"ctrl"}))
    assert box.text == "one x"
    box.key("z", frozenset({"ctrl", "shift"}))
    assert box.text == "one "


def test_the_judge_finds_five_cells_and_lets_four_go() -> None:
    hidden = Secret("card", "4111222233334444")

    def typed(*texts: str) -> list[Typed]:
        return [Typed(at_ms=0, visit=1, text=text) for text in texts]

    assert leaks(hidden, typed("stone 2223"))[:1] == []
    assert leaks(hidden, typed("stone 22233"))
    assert leaks(hidden, typed("4 1-1 12"))
    assert leaks(hidden, typed("411[NUMBER]12")), "put together across a marker"
    assert leaks(hidden, typed("1222", "stone", "4111")), "put together in the other order"
    assert leaks(hidden, [PageEntered(at_ms=0, visit=1, site="", area="", url="", title="33344", arrived="start")])


def test_every_secret_is_of_other_letters_than_what_is_harmless() -> None:
    for kind in KINDS:
        for seed in range(50):
            hidden = secret(kind, seed)
            assert not leaks(hidden, [Typed(at_ms=0, visit=1, text=" ".join((*FILLER, hidden.label)))])
            assert len(_canon(hidden.text, bare=True)) > MOST + 1
