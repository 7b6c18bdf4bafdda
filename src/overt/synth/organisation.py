"""The organisation that nobody works for: homes with keys, made-up people with grants, what has been made so far."""

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from overt.errors import FormatError, StorageError, UsageError
from overt.format.note import NoteSigner
from overt.keys.bundles import join
from overt.keys.consent_files import read_text
from overt.keys.device import DeviceStorage, create_device
from overt.keys.founding import found_all_in_one
from overt.keys.identities import new_role_identity, signer_vkey
from overt.keys.passphrase import no_passphrase
from overt.policy.templates import synthetic_policy_text
from overt.store import files
from overt.store.home import Home, Role, drafted, make_home, open_home
from overt.synth.session import GENERATOR_VERSION, Plan

MARKER: Final = "synthetic.json"
JOURNAL: Final = "synthetic.jsonl"
_FORMAT: Final = "overt-synthetic/1"
_LIMIT: Final = 1 << 28

Give = Callable[[Home, datetime], object]
"""Gives the consent of the person of a home at an instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """The organisation at *root*, whose sessions are all of *day*."""

    root: Path
    day: date

    @property
    def submitted(self) -> Path:
        """Where its people hand their episodes over to: where its admin's ``overt export`` looks."""
        return self.root / Role.ADMIN.value / "submitted"

    def home_of(self, person: int) -> Home:
        """Return the home of the made-up person number *person*, from 0."""
        return open_home(_person_path(self.root, person), Role.EMPLOYEE)

    def made(self) -> dict[int, str]:
        """Return the id of the episode that was last begun for each number.

        Raises:
            StorageError: the journal was changed, or the system refused.
        """
        data = files.read(self.root, JOURNAL, limit=_LIMIT)
        if not data.endswith(b"\n"):
            # The last line was cut off with its program: what it announced was never begun.
            data = data[: data.rfind(b"\n") + 1]
            files.replace(self.root, JOURNAL, data)
        try:
            entries = [json.loads(line) for line in data.splitlines()]
            return {int(entry["index"]): str(entry["episode"]) for entry in entries}
        except (ValueError, KeyError, TypeError):
            raise StorageError(f"{JOURNAL} was changed", hint="make the episodes anew in another directory") from None

    def note(self, index: int, episode_id: str) -> None:
        """Write down that the episode number *index* is about to become *episode_id*."""
        line = json.dumps({"index": index, "episode": episode_id}) + "\n"
        with files.opened_directory(self.root) as parent:
            descriptor = os.open(JOURNAL, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=parent)
            try:
                os.write(descriptor, line.encode())
                files.sync_data(descriptor)
            except OSError as error:
                raise files.refusal("append to", JOURNAL, error) from error
            finally:
                os.close(descriptor)


def organisation_at(root: Path, plan: Plan, give: Give, at: datetime, found: Callable[[int], None]) -> Organisation:
    """Return the organisation at *root* that makes *plan*; where there is none, found it as of *at* (aware).

    All its people have consented by *give* when it appears. *found* is called with the number of people so far.

    Raises:
        UsageError: *root* makes another plan; only the number of episodes may differ.
        HomeError: *root* is something else, or no safe place.
        StorageError: the disk refused.
    """
    if not (root / MARKER).exists():
        _found(root, plan, give, at, found)
    return _opened(root, plan)


def _opened(root: Path, plan: Plan) -> Organisation:
    open_home(root, Role.ADMIN)
    try:
        told = json.loads(files.read(root, MARKER, limit=4096))
        day = date.fromisoformat(told.pop("day"))
    except (ValueError, KeyError, AttributeError, TypeError):
        raise FormatError(f"{root / MARKER} is malformed") from None
    if told != _marker(plan):
        raise UsageError(
            f"{root} holds synthetic episodes of another plan: {_told(told)}",
            hint="ask for the same, or choose another place with --out",
        )
    return Organisation(root=root, day=day)


def _marker(plan: Plan) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "generator": GENERATOR_VERSION,
        "seed": plan.seed,
        "contributors": plan.contributors,
        "frames": plan.frames,
    }


def _told(marker: dict[str, Any]) -> str:
    names = ("generator", "seed", "contributors", "frames")
    return ", ".join(f"{name} {json.dumps(marker.get(name))}" for name in names)


def _found(root: Path, plan: Plan, give: Give, at: datetime, found: Callable[[int], None]) -> None:
    with drafted(root) as draft:
        found_all_in_one(draft, synthetic_policy_text())
        for person in range(plan.contributors):
            path = _person_path(draft, person)
            if person:
                _found_person(draft, path)
            give(open_home(path, Role.EMPLOYEE), at)
            found(person + 1)
        marker = _marker(plan) | {"day": at.astimezone(UTC).date().isoformat()}
        files.create_exclusive(draft, JOURNAL, b"")
        files.create_exclusive(draft, MARKER, (json.dumps(marker, sort_keys=True) + "\n").encode())


def _found_person(root: Path, path: Path) -> None:
    """Make a home for one more person of the trial at *root*, who has joined like the first."""
    admin = open_home(root, Role.ADMIN)
    home = Home(path=path, role=Role.EMPLOYEE, trial=True, vault=root / Role.VAULT.value)
    files.ensure_directory(path.parent)
    make_home(home)
    device = NoteSigner.generate(f"device-{secrets.token_hex(8)}")
    create_device(home, device, DeviceStorage.TRIAL, no_passphrase)
    new_role_identity(home, device, no_passphrase)
    join(home, read_text(admin.bundle_path), signer_vkey(admin))


def _person_path(root: Path, person: int) -> Path:
    return root / Role.EMPLOYEE.value if person == 0 else root / "people" / f"{person + 1:06d}"
