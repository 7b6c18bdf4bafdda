"""What every command asks for alike: the home, JSON, passphrases. A passphrase is never an argument."""

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TextIO, TypeVar

import click

from overt.errors import KeyAccessError, StorageError, UsageError
from overt.format.age_passphrase import WrongPassphraseError
from overt.keys.passphrase import PassphraseSource, check_new, no_passphrase
from overt.store.files import read_anywhere
from overt.store.home import Home, Role, home_path, open_home


class _Place(click.Path):
    """A path; an empty one comes from an unset variable, and would mean wherever one happens to be."""

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Return *value* as a path."""
        if not str(value):
            self.fail("a path must not be empty", param, ctx)
        return super().convert(value, param, ctx)


PLACE: Final = _Place(path_type=Path)

_Function = TypeVar("_Function", bound=Callable[..., object])
_Result = TypeVar("_Result")
_LIMIT: Final = 1 << 20
_TRIES: Final = 3
_COMPARABLE: Final = 200
_WIDEST: Final = 100
"""Columns that are still easy to read."""


def ends(example: str, exits: str = "") -> str:
    """Return how a help text ends: the exit codes, and an *example* that can be copied as it stands."""
    return (f"Exit: {exits}.\n\n" if exits else "") + f"\b\nExample: {example}"


def home_option(function: _Function) -> _Function:
    """Add ``--home``."""
    text = "Your home (default: OVERT_HOME, or the platform's data directory)."
    return click.option("--home", type=PLACE, metavar="DIR", help=text)(function)


def json_option(function: _Function) -> _Function:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(function)


def passphrase_option(function: _Function) -> _Function:
    """Add ``--passphrase-file``."""
    text = "A file whose first line is the passphrase (default: OVERT_PASSPHRASE_FILE, or a prompt)."
    return click.option("--passphrase-file", type=PLACE, metavar="FILE", help=text)(function)


def opened(home: Path | None, role: Role) -> Home:
    """Return the home of *role* at *home*, or at the default place; raises ``HomeError``."""
    return open_home(home_path(home, os.environ), role)


def now() -> datetime:
    """Return the present instant, in UTC."""
    return datetime.now(UTC)


def passphrase_source(option: Path | None) -> PassphraseSource:
    """Return where passphrases come from: *option*, else ``OVERT_PASSPHRASE_FILE``, else a prompt on a terminal."""
    named = _named(option)
    if named:
        return _from_file(named)
    return _prompt if at_terminal() else no_passphrase


def read_document(path: Path) -> str:
    """Return the text of the file *path* that somebody gave us; raises ``StorageError`` or ``UsageError``."""
    try:
        return read_anywhere(path, limit=_LIMIT).decode()
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not a text file") from None


def at_terminal() -> bool:
    """Say whether a person can be asked."""
    return sys.stdin.isatty()


def wrapped(text: str, stream: TextIO) -> str:
    """Return *text* with its long lines broken between words for the terminal that *stream* is, or as it is."""
    if not stream.isatty():
        return text
    width = max(20, min(shutil.get_terminal_size().columns, _WIDEST))
    lines = [
        textwrap.fill(line, width, subsequent_indent="  " * line.startswith("- "), break_on_hyphens=False)
        for line in text.split("\n")
    ]
    return "\n".join(lines)


def retried(attempt: Callable[[], _Result], option: Path | None) -> _Result:
    """Return what *attempt* does; a wrong passphrase that was typed, not read from *option*, may be typed again."""
    for _ in range(_TRIES - 1):
        try:
            return attempt()
        except WrongPassphraseError as problem:
            if _named(option) or not at_terminal():
                raise
            note(f"{problem}; try again")
    return attempt()


def confirmed(question: str, *, yes: bool) -> None:
    """Ask *question* unless *yes*; raises ``UsageError`` where nobody can answer, and ``click.Abort`` on a no."""
    if yes:
        return
    if not at_terminal():
        raise UsageError("this asks a question, and nobody is at the terminal", hint="add --yes to agree beforehand")
    click.confirm(question, abort=True, err=True)


def say(result: Mapping[str, object], lines: list[str], *, as_json: bool) -> None:
    """Print *result* as JSON, or else *lines*."""
    click.echo(json.dumps(result, indent=2, ensure_ascii=False) if as_json else "\n".join(lines))


def short(public: str) -> str:
    """Return a *public* key as a person can compare it; a post-quantum one fills a screen."""
    return public if len(public) <= _COMPARABLE else f"{public[:16]}…{public[-16:]} (whole with --json)"


def counted(number: int, noun: str, several: str = "") -> str:
    """Return *number* and *noun*, which is *several*, or takes an s, when it is not one."""
    return f"{number:,} {noun if number == 1 else several or f'{noun}s'}"


def note(message: str) -> None:
    """Say *message* on standard error."""
    click.echo(f"overt: note: {message}", err=True)


def _named(option: Path | None) -> Path | None:
    named = os.environ.get("OVERT_PASSPHRASE_FILE")
    return option or (Path(named) if named else None)


def _from_file(path: Path) -> PassphraseSource:
    def read(what: str, *, new: bool = False) -> str:
        del what
        _check_private(path)
        try:
            first = read_anywhere(path, limit=_LIMIT).decode().partition("\n")[0].rstrip("\r")
        except StorageError as problem:
            raise KeyAccessError(str(problem), hint=problem.hint) from None
        except UnicodeDecodeError:
            raise KeyAccessError(f"the passphrase file {path} is not a text file") from None
        if not first:
            raise KeyAccessError(f"the first line of the passphrase file {path} is empty")
        return check_new(first) if new else first

    return read


def _check_private(path: Path) -> None:
    if path.is_file() and path.stat().st_mode & 0o077:
        raise KeyAccessError(f"the passphrase file {path} is open to other users", hint=f"close it: chmod 600 {path}")


def _prompt(what: str, *, new: bool = False) -> str:
    label = f"{'Choose a' if new else 'The'} passphrase for {what}"
    answer: str = click.prompt(
        label, hide_input=True, confirmation_prompt=new, err=True, value_proc=_acceptable if new else None
    )
    return answer


def _acceptable(passphrase: str) -> str:
    try:
        return check_new(passphrase)
    except KeyAccessError as problem:
        raise click.UsageError(f"{problem}; {problem.hint}") from None
