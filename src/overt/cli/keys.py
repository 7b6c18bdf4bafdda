"""``overt keys``: the keys of a home."""

import os
import secrets
from pathlib import Path
from typing import Final

import click

from overt.cli.asking import (
    PLACE,
    at_terminal,
    confirmed,
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
    short,
)
from overt.cli.progress import bar
from overt.errors import KeyAccessError, UsageError
from overt.keys.device import device_storage
from overt.keys.identities import IDENTITY_NAMES, SIGNING_NAMES, load_signer, new_role_identity, new_signing_key
from overt.keys.passphrase import PassphraseSource, asked_once
from overt.keys.recovery import Page, fingerprint, read_page, recovered, recovery_pages, restore
from overt.keys.rekey import rekey_vault
from overt.keys.rewrap import Rewrapped, Rewrapper
from overt.keys.rotate import KEYS_OF_HOME, rotate_identity, rotate_witness
from overt.keys.statement_standing import ListedKey, Standing, listed_keys, waiting_shares
from overt.store import files
from overt.store.home import Home, Role, home_path, open_home, roles_at

_WITNESS: Final = SIGNING_NAMES[Role.OFFICER]
_OWNERS: Final[dict[str, Role]] = {str(name): role for role, name in IDENTITY_NAMES.items()}
_OWNERS[_WITNESS] = Role.OFFICER
"""Whose home a key is in, by the name that it is asked for."""
_NAMES: Final = click.Choice(sorted(_OWNERS))
_AGE_NAMES: Final = click.Choice(sorted(IDENTITY_NAMES.values()))
_THEN: Final = {
    Role.ADMIN: "sign a new bundle: overt policy sign; then wrap older keys for it: overt keys rewrap DIR",
    Role.OFFICER: "give the admin the output of: overt keys list --json; for older keys: overt keys rewrap DIR",
    Role.EMPLOYEE: "wrap your older keys for it: overt keys rewrap; hand it over: overt episodes submit DIR",
    Role.VAULT: "if there are recovery pages, destroy them and make new ones: overt keys recover --split 2-of-3",
}
_NEW_WITNESS: Final = (
    "A new witness key makes the officer somebody else: the admin has to sign a new bundle,\n"
    "and nothing is recorded until each person has given their consent anew.\nReplace it?"
)


@click.group("keys", epilog=ends("overt keys list --json > officer.json"))
def command() -> None:
    """Make, list, replace and restore the keys of a home. Secret halves are never shown but on recovery pages."""


@command.command(
    "list",
    short_help="List the public halves of your keys.",
    epilog=ends("overt keys list --json > officer.json", "0 listed, 5 bundle, 6 damaged, 9 no home"),
)
@home_option
@json_option
def list_keys(*, home: Path | None, as_json: bool) -> None:
    """List the public halves of the keys in your home, their epochs, and whether your organisation knows them.

    current: in use. unannounced: in use, but the bundle names another. unjoined: there is no bundle yet. retired:
    replaced, and kept to read with. unfinished: its replacement was broken off.
    """
    path = home_path(home, os.environ)
    homes = [open_home(path, role) for role in roles_at(path)]
    keys = [(each, key) for each in homes for key in listed_keys(each)]
    say(
        {"keys": [{"role": each.role.value, **_entry(each, key)} for each, key in keys]},
        [_HEADING, *(_line(each, key) for each, key in keys)],
        as_json=as_json,
    )
    _tell_what_waits(homes, [key for _, key in keys])


@command.command("new", epilog=ends("overt keys new --role auditor", "0 made, 6 there is one, 9 no home"))
@click.option("--role", type=_NAMES, required=True, help="Whose key.")
@home_option
@passphrase_option
@json_option
def new(*, role: str, home: Path | None, passphrase_file: Path | None, as_json: bool) -> None:
    """Make a role's key in that role's home, where it is missing. A key is never replaced here."""
    target = opened(home, _OWNERS[role])
    if files.names(target.keys_directory).count(f"{role}.pub"):
        raise KeyAccessError(f"this home has the {role} key already", hint="see: overt keys list")
    passphrases = asked_once(passphrase_source(passphrase_file), KEYS_OF_HOME)
    if role == _WITNESS:
        new_signing_key(target, f"{_WITNESS}-{secrets.token_hex(8)}", passphrases)
    else:
        new_role_identity(target, load_signer(target, passphrases), passphrases)
    made = next(each for each in listed_keys(target) if each.key.name == role)
    say(_entry(target, made), [f"{role}: {short(made.key.public)}"], as_json=as_json)


@command.command(
    "rotate",
    short_help="Replace a key of your home by a new one.",
    epilog=ends("overt keys rotate --home ~/vault", "0 replaced, 2 wrong use, 6 locked, 7 disk, 9 no such home"),
)
@click.option("--role", type=_NAMES, help="Which key (default: your home's age key; in a trial, the vault's).")
@click.option("--yes", is_flag=True, help="Replace a witness key without being asked.")
@home_option
@passphrase_option
@json_option
def rotate(*, role: str | None, yes: bool, home: Path | None, passphrase_file: Path | None, as_json: bool) -> None:
    """Replace a key of your home by a new one; the former age key is kept to read what was sealed for it.

    Broken off, it is finished by calling it again. For the vault it wraps every remaining share for a new master and
    forgets the old one: after people have withdrawn, this makes old copies of the vault's entries worthless.
    """
    target = _home_of(role, home, Role.VAULT)
    passphrases = passphrase_source(passphrase_file)
    if role == _WITNESS:
        confirmed(_NEW_WITNESS, yes=yes)
        signer = rotate_witness(target, passphrases)
        say(
            {"public": signer.vkey},
            [f"the new witness key: {signer.vkey}", f"next: {_THEN[Role.OFFICER]}"],
            as_json=as_json,
        )
        return
    epoch = retried(lambda: _rotated(target, asked_once(passphrases, KEYS_OF_HOME)), passphrase_file)
    say({"epoch": epoch}, [_new_key(target, epoch), f"next: {_THEN[target.role]}"], as_json=as_json)


@command.command(
    "rewrap",
    short_help="Wrap the keys of stored episodes for the present readers.",
    epilog=ends("overt keys rewrap ~/submitted", "0 done, 2 wrong use, 5 bundle, 6 locked, 7 disk, 9 home"),
)
@click.argument("directory", type=PLACE, required=False)
@click.option("--role", type=_AGE_NAMES, help="With whose key (default: your home's; in a trial, the exporter's).")
@home_option
@passphrase_option
@json_option
def rewrap(
    *, directory: Path | None, role: str | None, home: Path | None, passphrase_file: Path | None, as_json: bool
) -> None:
    """Wrap the keys of the episodes handed over to DIRECTORY, or of your own, for those who may read them now.

    After a role's key was replaced, this is what its new key reads old episodes with. Only files that end in .keys are
    written, each in one step. Broken off, it goes on where it was. The auditor's key opens metadata alone: it leaves
    the keys of content as they are, for the exporter or the employee.
    """
    if directory is not None and not directory.is_dir():
        raise UsageError(f"there is no directory {directory}", hint="name the one that episodes were handed over to")
    target = _home_of(role, home, Role.ADMIN if directory is not None else Role.EMPLOYEE)
    place = None if directory is None else directory.absolute()
    source = passphrase_source(passphrase_file)
    done = retried(
        lambda: _rewrapped(Rewrapper(target, place, asked_once(source, KEYS_OF_HOME), now())), passphrase_file
    )
    _say_rewrapped(done, as_json=as_json)


@command.command(
    "recover",
    short_help="Put a key on paper, or restore it from there.",
    epilog=ends(
        "overt keys recover --split 2-of-3 --out pages",
        "0 done, 2 wrong use, 6 wrong words or locked, 7 disk, 9 home, 10 not installed",
    ),
)
@click.option("--split", metavar="K-of-N", help="Make N pages of words, any K of which restore the key.")
@click.option("--out", type=PLACE, metavar="DIR", help="Where the pages go (default: they are printed here).")
@click.option(
    "--from", "pages", type=PLACE, multiple=True, metavar="FILE", help="Restore from this page; once for each."
)
@click.option("--role", type=_AGE_NAMES, help="Whose key (default: your home's; in a trial it must be named).")
@click.option("--yes", is_flag=True, help="Restore words whose page does not say whose key they are.")
@home_option
@passphrase_option
@json_option
def recover(  # noqa: PLR0913 - one parameter for each option
    *,
    split: str | None,
    out: Path | None,
    pages: tuple[Path, ...],
    role: str | None,
    yes: bool,
    home: Path | None,
    passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Put your home's age key on paper (--split), or restore it from pages (--from, or typed) in a fresh home.

    A signing key is never put on paper: who loses one begins with a new home.
    """
    target = _home_of(role, home, None)
    passphrases = asked_once(passphrase_source(passphrase_file), KEYS_OF_HOME)
    if split is None:
        _restore(target, [_read(path) for path in pages] or _typed(), passphrases, yes=yes, as_json=as_json)
    elif pages:
        raise UsageError("either --split or --from")
    elif as_json and out is None:
        raise UsageError("words are not printed as JSON", hint="say where the pages go with --out")
    else:
        _split(recovery_pages(target, passphrases, *_numbers(split)), out, as_json=as_json)


def _home_of(role: str | None, home: Path | None, in_trial: Role | None) -> Home:
    """Return the home that holds the key *role*, or the only one there is; in a trial's root, that of *in_trial*."""
    if role is not None:
        return opened(home, _OWNERS[role])
    path = home_path(home, os.environ)
    roles = roles_at(path)
    chosen = roles[0] if len(roles) == 1 else in_trial
    if chosen is None:
        raise UsageError(f"{path} is a trial with all roles", hint="say whose key with --role")
    return open_home(path, chosen)


def _rewrapped(rewrapper: Rewrapper) -> list[Rewrapped]:
    ids = rewrapper.ids()
    done = []
    with bar("wrapping") as move:
        for number, each in enumerate(rewrapper.run(ids), start=1):
            done.append(each)
            move(number, len(ids))
    return done


def _rotated(home: Home, passphrases: PassphraseSource) -> int:
    if home.role is not Role.VAULT:
        return rotate_identity(home, passphrases, now()).epoch
    with bar("wrapping") as move:
        return rekey_vault(home, passphrases, now(), move)


def _new_key(home: Home, epoch: int) -> str:
    if home.role is Role.VAULT:
        return f"the vault has a new master (epoch {epoch})"
    return f"the {IDENTITY_NAMES[home.role]} has a new key (epoch {epoch}); the former one is kept to read with"


def _say_rewrapped(done: list[Rewrapped], *, as_json: bool) -> None:
    wrapped = [each for each in done if each.sections]
    partly = [each for each in done if each.left and (each.sections or each.already)]
    skipped = [each for each in done if not each.sections and not each.already]
    already = len(done) - len(wrapped) - len(skipped)
    lines = [f"wrapped the keys of {counted(len(wrapped), 'episode')}; done before: {already}"]
    if partly:
        lines.append(f"the keys of content of {len(partly)} stay as they are: {partly[0].reason}; the exporter's does")
    lines += [f"skipped {each.episode_id}: {each.reason}" for each in skipped]
    facts = {
        "wrapped": [{"episode": each.episode_id, "sections": list(each.sections)} for each in wrapped],
        "already": already,
        "left": [{"episode": each.episode_id, "sections": list(each.left), "reason": each.reason} for each in partly],
        "skipped": [{"episode": each.episode_id, "reason": each.reason} for each in skipped],
    }
    say(facts, lines, as_json=as_json)


def _numbers(split: str) -> tuple[int, int]:
    needed, _, pages = split.partition("-of-")
    if not (needed.isdecimal() and pages.isdecimal()):
        raise UsageError(f"{split[:20]!r} does not say how many pages of how many", hint="such as --split 2-of-3")
    return int(needed), int(pages)


def _split(pages: list[str], out: Path | None, *, as_json: bool) -> None:
    if out is None:
        click.echo("\f\n".join(pages), nl=False)
        return
    place = files.ensure_directory(out.absolute())
    names = [f"page-{number}-of-{len(pages)}.txt" for number in range(1, len(pages) + 1)]
    for name, page in zip(names, pages, strict=True):
        files.create_exclusive(place, name, page.encode())
    lines = [f"wrote {len(pages)} pages to {out}", "print them, give each to somebody else, and destroy the files"]
    say({"pages": [str(out / name) for name in names]}, lines, as_json=as_json)


def _read(path: Path) -> Page:
    try:
        return read_page(read_document(path))
    except KeyAccessError as problem:
        raise KeyAccessError(f"{path}: {problem}", hint=problem.hint) from None


def _typed() -> list[Page]:
    """Ask for the words of one page after the other, until there are enough."""
    if not at_terminal():
        raise UsageError("nobody is there to type the words", hint="name the pages with --from")
    pages: list[Page] = []
    while not pages or len({page.words.number for page in pages}) < pages[0].words.needed:
        text = click.prompt(f"The words of page {len(pages) + 1}", err=True)
        try:
            pages.append(read_page(text))
        except KeyAccessError as problem:
            note(f"{problem}; type them again")
    return pages


def _restore(home: Home, pages: list[Page], passphrases: PassphraseSource, *, yes: bool, as_json: bool) -> None:
    found = recovered(pages, home.role)
    key = fingerprint(found.recipient)
    if not found.vouched:
        confirmed(f"Nothing says whose key these words are. Is its fingerprint {key}?", yes=yes)
    with bar("wrapping") as move:
        epoch = restore(home, found, passphrases, now(), move)
    lines = [f"this home has that key already ({key})"]
    if epoch is not None:
        lines = [f"restored the key {key} (epoch {epoch})", f"next: {_THEN[home.role]}"]
        if home.role is not Role.VAULT:
            lines.append("if the lost home may be in other hands, replace the key then: overt keys rotate")
    say({"epoch": epoch, "key": key}, lines, as_json=as_json)


def _tell_what_waits(homes: list[Home], keys: list[ListedKey]) -> None:
    if any(key.standing is Standing.UNFINISHED for key in keys):
        note("a key is being replaced; finish that: overt keys rotate")
    if any(key.standing is Standing.UNANNOUNCED for key in keys):
        note(f"the bundle does not know a key of yours yet: {_announce(homes)}")
    waiting = sum(waiting_shares(home) for home in homes if home.vault is None)
    if waiting:
        note(f"{waiting} shares of episodes wait in your home for the vault: overt shares send")


def _announce(homes: list[Home]) -> str:
    if any(home.role is Role.ADMIN for home in homes):
        return "sign a new one: overt policy sign"
    return "give the admin this list, with --json"


_HEADING: Final = f"{'home':<9} {'key':<10} {'epoch':<8} {'standing':<11} {'kept':<10} public half"


def _line(home: Home, listed: ListedKey) -> str:
    key = listed.key
    epoch = "" if listed.epoch is None else f"epoch {listed.epoch}"
    public = short(key.public) if key.public else "kept to read what was sealed for it"
    return f"{home.role:<9} {key.name:<10} {epoch:<8} {listed.standing:<11} {_kept(home, listed):<10} {public}"


def _entry(home: Home, listed: ListedKey) -> dict[str, str | int]:
    key = listed.key
    facts: dict[str, str | int] = {"name": key.name, "kind": key.kind, "public": key.public}
    facts |= {"kept": _kept(home, listed), "standing": listed.standing.value}
    if listed.epoch is not None:
        facts["epoch"] = listed.epoch
    if key.statement:
        facts |= {"fingerprint": fingerprint(key.public), "statement": key.statement}
    return facts


def _kept(home: Home, listed: ListedKey) -> str:
    if listed.key.name == SIGNING_NAMES[Role.EMPLOYEE]:
        return device_storage(home).value
    return "trial" if home.trial else "passphrase"
