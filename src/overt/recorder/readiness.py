"""Everything that must hold before a recording, looked at one by one without recording anything."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final, Protocol

from overt.capture.select import open_frames, open_hook
from overt.errors import ConsentError, OvertError
from overt.events.geometry import Rect
from overt.focus.diagnosis import Check, diagnose
from overt.format import selftest
from overt.indicator.select import open_indicator
from overt.keys.consent_files import load_organisation, require_consent
from overt.keys.device import device_storage, device_vkey
from overt.policy.effective import effective
from overt.policy.jurisdictions.known import PROFILES
from overt.recorder.recovery import leftovers
from overt.recorder.warrant import Clocks, ConsentWarrant
from overt.store.home import Home

_ROOM: Final = 64 << 20
"""Bytes that should be free before a recording: about six active hours without pictures."""


class _Closable(Protocol):
    def close(self) -> None: ...


def examine(find_home: Callable[[], Home], at: datetime) -> list[Check]:
    """Return every check of the desktop, the machine and the home that *find_home* returns, as of *at*; never raises.

    Nothing is hooked: the hook is made and closed while disarmed.
    """
    return [*diagnose(), *_machine(), *_home(find_home, at)]


def ready(checks: list[Check]) -> bool:
    """Say whether a recording could begin."""
    return all(check.ok for check in checks)


def _machine() -> Iterator[Check]:
    yield _tried("input hook", lambda: _closed(open_hook(moves=False)), "one RECORD context, disarmed")
    yield _tried("indicator", lambda: _closed(open_indicator()), "a click-through border can be drawn")
    yield _tried("pictures", _grab, "one pixel was read, and forgotten")
    yield _tried("cryptography", selftest.check, "post-quantum age and signatures work")


def _home(find_home: Callable[[], Home], at: datetime) -> Iterator[Check]:
    try:
        home = find_home()
    except OvertError as problem:
        yield _failed("home", problem)
        return
    kind = "a trial home" if home.trial else "a home"
    yield Check(name="home", ok=True, detail=f"{kind} at {home.path}")
    yield _tried("consent", lambda: require_consent(home, at), "a grant is in force")
    yield _tried("limits", lambda: _within_limits(home, at), "the policy's hours are open, and minutes are left today")
    yield _tried("device key", lambda: device_storage(home), "it is where it should be")
    yield _disk(home)
    yield _episodes(home)


def _within_limits(home: Home, at: datetime) -> None:
    """Raise ``PolicyError`` when hours, cap or law permit no recording now; a missing consent is told elsewhere."""
    lawful = effective(load_organisation(home).policy, PROFILES, at.astimezone(UTC).date())
    clocks = Clocks(wall=lambda: at, running=lambda: 0, local=lambda instant: instant.astimezone())
    with suppress(ConsentError):
        grant = require_consent(home, at)
        ConsentWarrant(home=home, grant=grant, lawful=lawful, clocks=clocks, minutes=None).require()


def _disk(home: Home) -> Check:
    free = shutil.disk_usage(home.path).free
    ok = free >= _ROOM and os.access(home.episodes_directory, os.W_OK)
    return Check(
        name="disk",
        ok=ok,
        detail=f"{free >> 20} MiB free",
        remedy="" if ok else f"make room: at least {_ROOM >> 20} MiB, in a place that you may write to",
    )


def _episodes(home: Home) -> Check:
    """Tell what an earlier crash left; a log that cannot be believed would refuse the recording."""
    try:
        found = leftovers(home, device_vkey(home))
    except OvertError as problem:
        return _failed("episodes", problem)
    told = [f"{len(found.unended)} left by a crash, noted at the next start"] if found.unended else []
    told += [f"{len(found.unreadable)} without keys: overt episodes erase"] if found.unreadable else []
    return Check(name="episodes", ok=True, detail="; ".join(told) or "nothing was left by a crash")


def _grab() -> None:
    frames = open_frames()
    try:
        frames.grab(Rect(x=0, y=0, width=1, height=1))
    finally:
        frames.close()


def _closed(part: _Closable) -> None:
    part.close()


def _tried(name: str, attempt: Callable[[], object], detail: str) -> Check:
    try:
        attempt()
    except OvertError as problem:
        return _failed(name, problem)
    return Check(name=name, ok=True, detail=detail)


def _failed(name: str, problem: OvertError) -> Check:
    return Check(name=name, ok=False, detail=str(problem), remedy=problem.hint)
