"""Which own episodes have been kept for as long as was promised: by days that are proven, not by what a file says.

Nothing here erases, and nothing here can read an episode.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from overt.consent.grant import Grant
from overt.errors import FormatError, OvertError, PolicyError, StorageError, VerificationError
from overt.format.walk import walk
from overt.keys.consent_files import load_grants, load_organisation
from overt.keys.device import device_vkey
from overt.ledger.entry import entry_day
from overt.ledger.log import read_entries
from overt.policy.canonical import JsonValue
from overt.policy.document import Policy
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.law import lesser, profiles_for, strictest
from overt.policy.purposes import Purpose
from overt.policy.retention import gone_on, review_ends
from overt.store import files
from overt.store.episodes import EpisodeStore
from overt.store.home import Home
from overt.store.lock import LockedError, locked

BELIEVED: Final = timedelta(days=7)
"""A clock further ahead of the last day known before is not believed on the first day on which it is seen."""

_SEEN: Final = "days-seen.json"
_LIMIT: Final = 200
_ENDS: Final = frozenset({"episode-close", "recovered"})
_Entry = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An episode that was recorded on the UTC day *recorded*, and must be gone on the day *gone_on*."""

    episode_id: str
    recorded: date
    gone_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """What must be gone: *due* now; *doubted* if the clock is right, which another day will show."""

    due: tuple[Kept, ...] = ()
    doubted: tuple[Kept, ...] = ()


def overdue(home: Home, at: datetime, *, trusted: bool = False) -> Overdue:
    """Return which own episodes must be gone at the instant *at* (aware), and note that this day was seen.

    An episode goes on the day on which the last of its purposes ends, by the grant's promise, by the installed policy
    or by the law of their places, whichever is sooner. One that nobody approved serves no purpose: it goes when the
    days for review are over, and at the latest when the first purpose ends. What is being recorded stays until it has
    ended. *trusted* says that the clock is right.

    Raises:
        ConsentError: A grant was changed, so that its promise cannot be believed.
        StorageError: The disk refused.
    """
    grants = {grant.id: grant for grant in load_grants(home)}
    if not grants:
        return Overdue()
    today = at.astimezone(UTC).date()
    entries = _entries(home)
    given = [grant.given_at.date() for grant in grants.values()]
    believed = trusted or _believed(today, [sorted(given), _days(entries), _seen(home)])
    keeper = _Keeper(home, grants, _Diary(entries, min(given), today))
    kept = [keeper.kept(episode_id) for episode_id in _ended(home, entries)]
    _note_seen(home, today)
    return Overdue(
        due=tuple(each for each in kept if believed and each.gone_on <= today),
        doubted=tuple(each for each in kept if not believed and each.gone_on <= today),
    )


def _believed(today: date, known: Iterable[Sequence[date]]) -> bool:
    """Say whether the clock's day follows on the last day *known* before it: by grants, by the log, by looking."""
    last = (next((day for day in reversed(days) if day != today), None) for days in known)
    return any(day is not None and timedelta(0) <= today - day <= BELIEVED for day in last)


class _Diary:
    """What the log says of each episode: its grant, and the days before and after it began.

    The recorder logs the day before it logs that an episode begins, and what is logged after it happened later. Days
    before *first* or after *today* are a wrong clock's.
    """

    def __init__(self, entries: Sequence[_Entry], first: date, today: date) -> None:
        self._today = today
        self._grants = {str(entry.get("id")): str(entry.get("grant")) for entry in entries if _opens(entry)}
        self._told: dict[str, list[date]] = {}
        self._walk(entries, _newer, (date.min, date.max))
        self._walk(reversed(entries), min, (first, today))

    def grant(self, episode_id: str) -> str | None:
        """Return the grant under which the log says that an episode began."""
        return self._grants.get(episode_id)

    def recorded(self, episode_id: str, written: date, given: date) -> date:
        """Return the day of an episode; *written* is what its file says, *given* when its grant was given.

        What the log does not know is as old as its file says; without any day that can be, as old as its grant.
        """
        told = self._told.get(episode_id, []) if episode_id in self._grants else [written]
        return min((day for day in told if given <= day <= self._today), default=given)

    def _walk(self, entries: Iterable[_Entry], choose: Callable[[date, date], date], bounds: tuple[date, date]) -> None:
        known: date | None = None
        for entry in entries:
            day = entry_day(entry)
            if day is not None and bounds[0] <= day <= bounds[1]:
                known = day if known is None else choose(known, day)
            if _opens(entry) and known is not None:
                self._told.setdefault(str(entry.get("id")), []).append(known)


class _Keeper:
    """Says of each episode of one home when it must be gone."""

    def __init__(self, home: Home, grants: Mapping[str, Grant], diary: _Diary) -> None:
        self._home = home
        self._grants = grants
        self._diary = diary
        self._policy = _policy(home)

    def kept(self, episode_id: str) -> Kept:
        """Return when the episode was recorded and must be gone; without a known grant, by the strictest promise."""
        grant_id = self._diary.grant(episode_id) or _named_in_file(self._home, episode_id)
        named = [self._grants[grant_id]] if grant_id in self._grants else list(self._grants.values())
        given = min(grant.given_at.date() for grant in named)
        recorded = self._diary.recorded(episode_id, _written(self._home, episode_id), given)
        approved = (self._home.approvals_directory / f"{episode_id}.note").exists()
        ends = min(_end(grant, self._policy, recorded, approved=approved) for grant in named)
        return Kept(episode_id=episode_id, recorded=recorded, gone_on=ends)


def _end(grant: Grant, policy: Policy | None, recorded: date, *, approved: bool) -> date:
    promised = dict(zip(grant.scope.purposes, grant.promises.retention, strict=True))
    rules = [_capped(promised, grant.parties.jurisdictions)]
    if policy is not None:
        offered = {purpose: policy.retention_days(purpose) for purpose in policy.purposes}
        rules.append(_capped(offered, policy.jurisdictions))
    by_purpose = [min(gone_on(rule, {purpose}, recorded) for rule in rules) for purpose in grant.scope.purposes]
    if approved:
        return max(by_purpose)
    review = min([grant.promises.review_days, *([] if policy is None else [policy.review_days])])
    return min(*by_purpose, review_ends(recorded, review))


def _capped(days: Mapping[Purpose, int], places: Iterable[str]) -> dict[Purpose, int]:
    try:
        ceiling = strictest(profile.rules for profile in profiles_for(places, PROFILES)).retention_days
    except PolicyError:
        ceiling = None
    return {purpose: lesser(number, ceiling) or number for purpose, number in days.items()}


def _newer(before: date, day: date) -> date:
    del before
    return day


def _opens(entry: _Entry) -> bool:
    return entry.get("type") == "episode-open"


def _written(home: Home, episode_id: str) -> date:
    try:
        modified = (home.episodes_directory / f"{episode_id}.ep").lstat().st_mtime
    except OSError:
        return date.max
    return datetime.fromtimestamp(modified, UTC).date()


def _named_in_file(home: Home, episode_id: str) -> str:
    try:
        return walk(EpisodeStore(home.episodes_directory).read(episode_id)).header.grant
    except (FormatError, VerificationError, StorageError):
        return ""


def _ended(home: Home, entries: Sequence[_Entry]) -> list[str]:
    """Return the episodes that no recorder is writing to."""
    episodes = EpisodeStore(home.episodes_directory).list()
    try:
        with locked(home.episodes_directory, wait=False):
            return episodes
    except LockedError:
        ended = {entry.get("id") for entry in entries if entry.get("type") in _ENDS}
        return [each for each in episodes if each in ended]


def _entries(home: Home) -> list[dict[str, JsonValue]]:
    """Return the log's entries; of a log that cannot be believed none, which keeps nothing longer than its promise."""
    with suppress(OvertError):
        return read_entries(home.log_directory, device_vkey(home))
    return []


def _policy(home: Home) -> Policy | None:
    try:
        return load_organisation(home).policy
    except OvertError:
        return None


def _days(entries: Iterable[_Entry]) -> list[date]:
    return [day for day in map(entry_day, entries) if day is not None]


def _seen(home: Home) -> list[date]:
    """Return the last days on which somebody looked; what cannot be understood was not seen."""
    try:
        kept = json.loads(files.read(home.path, _SEEN, limit=_LIMIT))
        return [date.fromisoformat(day) for day in kept]
    except (StorageError, ValueError, TypeError):
        return []


def _note_seen(home: Home, today: date) -> None:
    seen = _seen(home)
    if today not in seen[-1:]:
        days = [day.isoformat() for day in [*seen[-1:], today]]
        files.replace(home.path, _SEEN, json.dumps(days).encode())
