"""From a home and a desktop to a finished session: everything that must hold before the first event, in order."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from overt.capture.select import open_frames, open_hook
from overt.errors import OvertError, StorageError
from overt.events.verdict import EndReason
from overt.focus.select import open_focus
from overt.format import selftest
from overt.indicator.select import open_indicator
from overt.keys.hardening import harden
from overt.keys.never_list import NeverWatch
from overt.keys.passphrase import PassphraseSource
from overt.policy.effective import EffectivePolicy, effective
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.signals import Signal
from overt.recorder.opening import Credentials, claimed, prepare_writer
from overt.recorder.pausing import pause_key
from overt.recorder.session import Session
from overt.recorder.setting import Desktop, Status, Terms
from overt.recorder.warrant import Clocks, ConsentWarrant
from overt.store.home import Home

_EXIT_CODES: Final = {
    EndReason.INDICATOR_LOST: 3,
    EndReason.DESKTOP_LOST: 3,
    **dict.fromkeys((reason for reason in EndReason if reason.ends_consent), 4),
    EndReason.LAW: 5,
    EndReason.STORAGE: 7,
    EndReason.ERROR: 70,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line says: the *home*, the person's own limit in *minutes*, where passphrases come from.

    *terminal* is the file descriptor at which the person can pause and resume, if there is one.
    """

    home: Home
    minutes: int | None
    passphrases: PassphraseSource
    terminal: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a session ended, and what it left."""

    reason: EndReason
    episode_id: str | None
    kept: int
    withheld: int
    lost: int
    problem: OvertError | None = None

    @property
    def exit_code(self) -> int:
        """0 when the person, their own limit or one of the policy ended it, else the code of what went wrong."""
        return _EXIT_CODES.get(self.reason, 0)

    @property
    def failed(self) -> bool:
        """Whether the session ended for a reason that is not the person's own."""
        return self.exit_code != 0


def record(options: Options, tell: Callable[[Status], None]) -> Outcome:
    """Record until the end and return how it ended; *tell* hears of the status a few times a second.

    Raises:
        OvertError: something that must hold before the first event does not; nothing was recorded.
    """
    harden()
    selftest.check()
    with claimed(options.home, options.passphrases, _wall) as credentials:
        return asyncio.run(_record(credentials, options, tell))


async def _record(credentials: Credentials, options: Options, tell: Callable[[Status], None]) -> Outcome:
    grant = credentials.grant
    lawful = effective(credentials.keys.policy, PROFILES, _wall().date())
    terms = _terms(credentials, lawful)
    clocks = Clocks(wall=_wall, running=_running, local=lambda at: at.astimezone())
    warrant = ConsentWarrant(home=credentials.home, grant=grant, lawful=lawful, clocks=clocks, minutes=options.minutes)
    warrant.require()
    writer = prepare_writer(credentials, now=time.monotonic_ns, wall=_wall)
    session = Session(
        desktop=_open_desktop(terms.signals),
        terms=terms,
        warrant=warrant,
        writer=writer,
        now=time.monotonic_ns,
    )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, session.stop)
    # The default would log the error with its traceback.
    loop.set_exception_handler(lambda _loop, _context: session.stop(EndReason.ERROR))
    teller = asyncio.create_task(_tell(session, tell))
    try:
        with pause_key(options.terminal, lambda: session.pause(paused=not session.paused)):
            reason = await session.run()
    finally:
        teller.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await teller
    problem = session.problem or _saved(warrant, session.armed_ns)
    return Outcome(
        reason=reason,
        episode_id=writer.episode_id,
        kept=writer.kept,
        withheld=writer.withheld,
        lost=session.lost,
        problem=problem,
    )


def _terms(credentials: Credentials, lawful: EffectivePolicy) -> Terms:
    """Return what both the person and the policy under its law permit."""
    grant = credentials.grant
    return Terms(
        sites=lawful.sites.intersection(grant.scope.sites),
        excluded=lawful.excluded,
        signals=lawful.signals.intersection(grant.scope.signals),
        special_dropped=lawful.special_dropped,
        lexicon=credentials.lexicon,
        never=NeverWatch(credentials.home),
    )


def _saved(warrant: ConsentWarrant, armed_ns: int) -> StorageError | None:
    """Write down how long was recorded; the episode is sealed all the same when the disk refuses."""
    try:
        warrant.save(armed_ns)
    except StorageError as problem:
        return problem
    return None


def _open_desktop(signals: frozenset[Signal]) -> Desktop:
    """Open every part of the desktop; whatever is missing says so before anything is hooked."""
    focus = open_focus()
    return Desktop(
        focus=focus,
        hook=open_hook(moves=Signal.MOVES in signals),
        frames=open_frames() if Signal.SCREENSHOTS in signals else None,
        indicator=open_indicator(),
    )


async def _tell(session: Session, tell: Callable[[Status], None]) -> None:
    while True:
        tell(session.status())
        await asyncio.sleep(0.25)


def _wall() -> datetime:
    return datetime.now(UTC)


def _running() -> int:
    """Return nanoseconds of a clock that nobody can set and that, on Linux, runs while the machine sleeps."""
    return time.clock_gettime_ns(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
