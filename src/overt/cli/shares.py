"""``overt shares``: the small signed files by which shares pass between homes that cannot see each other."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click

from overt.cli.asking import (
    PLACE,
    counted,
    ends,
    home_option,
    json_option,
    note,
    now,
    opened,
    passphrase_option,
    passphrase_source,
    read_document,
    retried,
    say,
)
from overt.errors import FormatError, UsageError, VerificationError
from overt.format.walk import walk
from overt.keys.exchange.request import Reader, Wish, purpose_named, write_request
from overt.keys.sending import confirm, send
from overt.keys.share_source import asker
from overt.store import files
from overt.store.episodes import EpisodeStore
from overt.store.home import Home, Role
from overt.subject.reviewing import find_episode

_HOMES: Final = {Reader.AUDITOR: Role.OFFICER, Reader.EXPORTER: Role.ADMIN, Reader.EMPLOYEE: Role.EMPLOYEE}
_EPISODE: Final = ".ep"


@click.group("shares", epilog=ends("overt shares send for-the-vault.shares"))
def command() -> None:
    """Send shares to the vault, and ask it for some. A share never lies in plain in any of these files."""


@command.command(
    "send",
    short_help="Write the shares in your home into FILE, for the vault.",
    epilog=ends("overt shares send for-the-vault.shares", "0 written, 5 no bundle joined, 6 key or no consent, 7 disk"),
)
@click.argument("file", type=PLACE)
@home_option
@passphrase_option
@json_option
def send_command(*, file: Path, home: Path | None, passphrase_file: Path | None, as_json: bool) -> None:
    """Write the shares of your episodes, sealed and signed, into FILE; give it to the vault's keeper.

    Do it once before your first recording, and from time to time. What is in your home stays there until the keeper's
    receipt is confirmed, so that nothing is lost on the way. FILE opens for the vault alone.
    """
    person = opened(home, Role.EMPLOYEE)
    source = passphrase_source(passphrase_file)
    sent = retried(lambda: send(person, source, now()), passphrase_file)
    _write(file, sent.data)
    lines = [f"wrote {file}, with {_content(sent.episodes)}; give it to the vault's keeper"]
    say({"file": str(file), "episodes": sent.episodes, "left": sent.left}, lines, as_json=as_json)
    note("once you have the keeper's receipt: overt shares confirm RECEIPT")
    if sent.left:
        note(f"what did not fit ({counted(sent.left, 'episode')}): send it when this receipt is confirmed")


@command.command(
    "confirm",
    short_help="Drop what the vault's RECEIPT says that it keeps.",
    epilog=ends(
        "overt shares confirm from-the-vault.receipt",
        "0 confirmed, 1 changed or one was refused, 5 no bundle joined, 7 disk, 8 no receipt",
    ),
)
@click.argument("receipt", type=PLACE)
@home_option
@json_option
def confirm_command(*, receipt: Path, home: Path | None, as_json: bool) -> None:
    """Drop the shares that the vault keeps by its signed RECEIPT from your home; needs no passphrase."""
    done = confirm(opened(home, Role.EMPLOYEE), read_document(receipt))
    refused = [each.model_dump() for each in done.refused]
    lines = [_confirmed(done.dropped)]
    lines += [f"the vault would not take {each.id}: {each.reason.replace('_', ' ')}" for each in done.refused]
    say({"dropped": done.dropped, "other": done.other, "refused": refused}, lines, as_json=as_json)
    if done.refused or done.other:
        raise VerificationError(f"the keys of {counted(len(done.refused) + done.other, 'episode')} stay in your home")


@command.command(
    "request",
    short_help="Ask the vault for the shares of EPISODES.",
    epilog=ends(
        "overt shares request --role auditor --purpose audit --reason 'yearly sample' store --out vault.request",
        "0 written, 1 changed, 2 not this role's, 5 no bundle joined, 6 key, 7 disk, 8 no episode, 9 no home",
    ),
)
@click.argument("episodes", nargs=-1, required=True)
@click.option("--role", type=click.Choice([role.value for role in Reader]), required=True, help="As whom you ask.")
@click.option("--purpose", required=True, metavar="P", help="What for: audit, review, or a purpose of the policy.")
@click.option("--reason", required=True, metavar="TEXT", help="Why, in your own words; one line.")
@click.option("--out", type=PLACE, required=True, metavar="FILE", help="Where the request goes.")
@home_option
@passphrase_option
@json_option
def request_command(  # noqa: PLR0913 - one parameter for each option
    *,
    episodes: tuple[str, ...],
    role: str,
    purpose: str,
    reason: str,
    out: Path,
    home: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Write a signed request to the vault for the shares of EPISODES.

    EPISODES are directories of episodes, single files of them, or, of your own, their ids. The keeper's answer is used
    with --releases: overt episodes show, overt export.
    """
    reader = Reader(role)
    wish = Wish(role=reader, purpose=purpose_named(reader, purpose), reason=reason)
    owner = opened(home, _HOMES[reader])
    named = [pair for each in episodes for pair in _named(owner, each)]
    source = passphrase_source(passphrase_file)
    text = retried(lambda: write_request(wish, asker(owner, source), named, now()), passphrase_file)
    _write(out, text.encode())
    lines = [f"wrote {out}, for {counted(len(set(named)), 'episode')}; give it to the vault's keeper"]
    say({"file": str(out), "episodes": sorted({episode for _, episode in named})}, lines, as_json=as_json)


def _content(episodes: int) -> str:
    if not episodes:
        return "no key in it yet: it tells the vault of you, and its receipt tells you where keys go"
    return f"the keys of {counted(episodes, 'episode')}"


def _confirmed(episodes: int) -> str:
    if not episodes:
        return "nothing was left to drop; your home knows where the vault wants keys from now on"
    return f"the vault keeps the keys of {counted(episodes, 'episode')} that were here"


def _named(owner: Home, argument: str) -> list[tuple[str, str]]:
    """Return grant and id of each episode that *argument* names."""
    place = Path(argument)
    if place.is_dir():
        return list(_all_in(EpisodeStore(place)))
    if argument.endswith(_EPISODE):
        return [_header(files.read_anywhere(place))]
    if owner.role is not Role.EMPLOYEE:
        raise UsageError(f"{argument} is no directory of episodes, and no episode file")
    return [_header(EpisodeStore(owner.episodes_directory).read(find_episode(owner, argument)))]


def _all_in(store: EpisodeStore) -> Iterator[tuple[str, str]]:
    """Yield grant and id of each episode in *store*; a damaged one must not hide the others."""
    for episode in store.list():
        try:
            yield _header(store.read(episode))
        except FormatError as problem:
            note(f"left out {episode}: {problem}")


def _header(episode: bytes) -> tuple[str, str]:
    try:
        header = walk(episode).header
    except (VerificationError, FormatError):
        raise FormatError("an episode is damaged at its beginning") from None
    return header.grant, header.id


def _write(out: Path, data: bytes) -> None:
    place = Path(os.path.abspath(out))  # noqa: PTH100 - a symlink must stay visible
    files.replace(place.parent, place.name, data)
