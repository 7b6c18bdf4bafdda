"""Searches every byte below a directory, and every string of decoded records, for planted secrets."""

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from overt.demo.canary import Canary
from overt.errors import StorageError

_DIGEST: Final = re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{64})(?:\.png)?")
"""Digests and ids are random digits: a run of a card number may occur in them by chance, and means nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A secret was found: of which act, in which form, and where. It does not hold the secret."""

    act: str
    form: str
    where: str


@dataclass(slots=True, kw_only=True)
class Searched:
    """What a search went through, and what it found."""

    files: int = 0
    size: int = 0
    strings: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: "Searched") -> None:
        """Count *other* in."""
        self.files += other.files
        self.size += other.size
        self.strings += other.strings
        self.findings += other.findings


def search_tree(root: Path, canaries: Sequence[Canary], *, skip: Iterable[str] = ()) -> Searched:
    """Search the names and all bytes of every file below *root* but for its own entries named in *skip*.

    Raises:
        StorageError: Something could not be read: an unread file proves nothing.
    """
    searched = Searched()
    skipped = set(skip)
    for path in _files(root):
        name = path.relative_to(root)
        if name.parts[0] in skipped:
            continue
        data = _read(path)
        where = f"{root.name}/{name}"
        searched.files += 1
        searched.size += len(data)
        searched.findings += search_bytes(os.fsencode(name), canaries, f"the name of {where}")
        searched.findings += search_bytes(data, canaries, where)
    return searched


def search_bytes(data: bytes, canaries: Iterable[Canary], where: str) -> list[Finding]:
    """Return a finding for each form of each secret that is in *data*."""
    return [
        Finding(act=canary.act, form=form, where=where)
        for canary in canaries
        for form, wanted in canary.forms()
        if wanted in data
    ]


def search_records(records: Sequence[Any], canaries: Sequence[Canary], where: str) -> Searched:
    """Search decoded *records* (what JSON can hold) for any run of more than four of a secret's characters.

    Each string is searched, and so are all strings of one name joined in order, which is how a secret looks when
    every key of it became a record of its own. Case is ignored.
    """
    by_name: dict[str, list[str]] = {}
    for record in records:
        for name, text in _strings(record, ""):
            by_name.setdefault(name, []).append(text)
    searched = Searched(strings=sum(len(texts) for texts in by_name.values()))
    for name, texts in by_name.items():
        haystack = "\n".join((*texts, "".join(texts))).casefold()
        searched.findings += _runs_in(haystack, canaries, f"{where}: {name}")
    return searched


def _runs_in(haystack: str, canaries: Iterable[Canary], where: str) -> Iterator[Finding]:
    for canary in canaries:
        if any(run.casefold() in haystack for run in (*canary.runs(), canary.text[::-1])):
            yield Finding(act=canary.act, form="a run of it", where=where)


def _strings(value: object, name: str) -> Iterator[tuple[str, str]]:
    """Yield each string in *value* with the name of the innermost entry that holds it."""
    if isinstance(value, str):
        if _DIGEST.fullmatch(value) is None:
            yield name, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield "(names)", str(key)
            yield from _strings(inner, str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner, name)


def _files(root: Path) -> Iterator[Path]:
    for directory, _, names in os.walk(root, onerror=_refuse):
        for name in sorted(names):
            path = Path(directory, name)
            if stat.S_ISREG(path.lstat().st_mode):
                yield path


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        _refuse(error)
        raise


def _refuse(error: OSError) -> None:
    raise StorageError(f"a file could not be searched: {error.strerror}") from error
