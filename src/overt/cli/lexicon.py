"""``overt lexicon``: the person's own words, which are withheld wherever they stand; kept in their keychain alone."""

import sys
from pathlib import Path

import click

from overt.cli.asking import at_terminal, confirmed, counted, ends, home_option, json_option, note, opened, say
from overt.errors import UsageError
from overt.keys.word_list import clear_words, has_words, read_words
from overt.store.home import Role
from overt.subject.own_words import Changed, add_words, remove_words, sorts

_EXITS = "0 done, 2 wrong use, 6 no keychain, or a locked one, 7 disk, 9 no home, 10 pip install 'overt[keychain]'"
_MOST = 1 << 16


@click.group("lexicon", epilog=ends("overt lexicon add && overt lexicon list"))
def command() -> None:
    """Name your own names, addresses and numbers: wherever they stand they are withheld.

    They lie in the keychain of your desktop and nowhere else. What follows from them (initials, nicknames) is not
    guessed: add it as well.
    """


@command.command(
    "add", short_help="Add words of yours.", epilog=ends("overt lexicon add        # asks, and shows nothing", _EXITS)
)
@home_option
@json_option
def add_command(*, home: Path | None, as_json: bool) -> None:
    """Add words: asked for one by one and not shown, or one a line on standard input. Never as an argument."""
    person = opened(home, Role.EMPLOYEE)
    _tell("added", add_words(person, _entries()), as_json=as_json)
    note("a recording that runs does not know them yet; the next one will")


@command.command(
    "remove", short_help="Take words from the list.", epilog=ends("overt lexicon remove < old-address.txt", _EXITS)
)
@home_option
@json_option
def remove_command(*, home: Path | None, as_json: bool) -> None:
    """Take words from the list: asked for, or one a line on standard input, however they are written."""
    person = opened(home, Role.EMPLOYEE)
    _tell("removed", remove_words(person, _entries()), as_json=as_json)


@command.command(
    "list", short_help="Say how many words there are, of which sort.", epilog=ends("overt lexicon list", _EXITS)
)
@click.option("--show", is_flag=True, help="Show the words themselves.")
@home_option
@json_option
def list_command(*, show: bool, home: Path | None, as_json: bool) -> None:
    """Say how many words there are of which sort; the words themselves only with --show."""
    words = read_words(opened(home, Role.EMPLOYEE))
    result: dict[str, object] = {"words": len(words), "sorts": sorts(words)}
    lines = [f"{counted(count, sort, f'of {sort}')}" for sort, count in sorts(words).items()]
    if show:
        result["shown"] = list(words)
        lines = list(words)
    say(result, lines or ["there is no word list"], as_json=as_json)


@command.command("clear", short_help="End the list.", epilog=ends("overt lexicon clear --yes", _EXITS))
@click.option("--yes", is_flag=True, help="Without asking once more.")
@click.option("--anyway", is_flag=True, help="Also where the keychain cannot be reached: what it holds stays there.")
@home_option
@json_option
def clear_command(*, yes: bool, anyway: bool, home: Path | None, as_json: bool) -> None:
    """Remove every word from the keychain; from then on a recording withholds none of them."""
    person = opened(home, Role.EMPLOYEE)
    if has_words(person):
        confirmed("Remove all your words?", yes=yes)
    gone = clear_words(person, anyway=anyway)
    say({"cleared": True, "keychain": gone}, ["your word list is empty"], as_json=as_json)
    if not gone:
        note("the keychain could not be reached; what it holds of the list can open nothing, and is read by nobody")


def _entries() -> list[str]:
    if not at_terminal():
        try:
            lines = sys.stdin.buffer.read(_MOST).decode().splitlines()
        except UnicodeDecodeError:
            raise UsageError("standard input is no text in UTF-8") from None
        found = [line for line in lines if line.strip()]
    else:
        found = list(iter(lambda: click.prompt("word (empty: done)", "", hide_input=True, err=True), ""))
    if not found:
        raise UsageError("no word was given", hint="one a line on standard input, or at the prompt")
    return found


def _tell(done: str, change: Changed, *, as_json: bool) -> None:
    lines = [f"{done} {counted(change.changed, 'word')}; the list has {change.now:,}"]
    say({done: change.changed, "words": change.now}, lines, as_json=as_json)
