"""May the session go on? Asked several times a second; the first no ends it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from overt.consent.grant import Grant
from overt.errors import ConsentError, PolicyError
from overt.events.verdict import EndReason
from overt.keys.consent_files import withdrawn
from overt.policy.effective import EffectivePolicy
from overt.policy.schedule import Permission
from overt.policy.signals import Signal
from overt.recorder.standing import Standing
from overt.recorder.usage import NS_PER_MINUTE, DayUse, read_use, write_use
from overt.store.home import Home

_SAVE_NS: Final = 15_000_000_000
"""How often the day's use is written, so that a killed recorder forgets at most this much of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """What time it is: *wall* can be set by anybody; *running* (ns) by nobody, and it runs while the machine sleeps.

    *local* turns an instant into the time that the person's own clock shows.
    """

    wall: Callable[[], datetime]
    running: Callable[[], int]
    local: Callable[[datetime], datetime]


class ConsentWarrant:
    """Holds while the grant stands, the policy's hours are open and the day's cap is not used up.

    Every end is held against the wall clock and against one that nobody can set, and the stricter decides: setting the
    clock wins no time. Hours that end end the session, because a recording that began again by itself would not be one
    that the person began.
    """

    def __init__(
        self, *, home: Home, grant: Grant, lawful: EffectivePolicy, clocks: Clocks, minutes: int | None
    ) -> None:
        """Watch *grant* in *home* and the limits of *lawful*; *minutes* is the person's own limit, if they set one."""
        self._home = home
        self._grant = grant
        self._lawful = lawful
        self._clocks = clocks
        self._standing = Standing(home, grant)
        self._began, self._began_ns = clocks.wall(), clocks.running()
        self._session_ns = None if minutes is None else self._began_ns + minutes * NS_PER_MINUTE
        self._used = read_use(home, _day(self._began), cap_ns=lawful.daily_cap_minutes * NS_PER_MINUTE)
        self._before_ns = 0
        """What of this session's use was on earlier days."""
        self._saved_ns = 0

    def __call__(self, armed_ns: int) -> EndReason | None:
        """Return why the session must end now, after *armed_ns* of recording, or ``None``."""
        told, run = self._clocks.wall(), self._run()
        ended = self._consent_ended(max(told, run)) or self._limit_reached(armed_ns, told, run)
        if ended is not None:
            return ended
        if self._session_ns is not None and self._clocks.running() >= self._session_ns:
            return EndReason.STOPPED
        return None

    def require(self) -> None:
        """Raise ``PolicyError`` or ``ConsentError`` when the session may not even begin."""
        if Signal.CLASSES in self._grant.scope.signals:
            raise PolicyError(
                "this version cannot record the kinds of keys alone, and records no text in their place",
                hint="consent without classes: overt consent give",
            )
        match self(0):
            case EndReason.DAILY_CAP:
                raise PolicyError(
                    f"the {self._lawful.daily_cap_minutes} minutes of today are used up",
                    hint="the policy's daily cap starts anew at midnight, UTC",
                )
            case EndReason.OUTSIDE_HOURS:
                raise PolicyError(
                    "the policy permits no recording at this hour", hint="see its hours: overt consent notice --layer 2"
                )
            case EndReason() as ended:
                raise ConsentError(f"no recording can begin: {ended.value}", hint="overt consent status")
            case None:
                return

    def save(self, armed_ns: int) -> None:
        """Write down that this session has recorded for *armed_ns*."""
        self._saved_ns = armed_ns
        write_use(self._home, DayUse(day=self._used.day, armed_ns=self._today_ns(armed_ns)))

    def _run(self) -> datetime:
        """Return what time it is if the wall clock was right when the session began."""
        return self._began + timedelta(microseconds=(self._clocks.running() - self._began_ns) // 1000)

    def _consent_ended(self, at: datetime) -> EndReason | None:
        if withdrawn(self._home, self._grant.id):
            return self._standing.who_ended()
        if at >= self._grant.expires_at:
            return EndReason.EXPIRED
        if _day(at) >= self._lawful.holds_until:
            return EndReason.LAW
        return self._standing(at, self._clocks.running())

    def _limit_reached(self, armed_ns: int, told: datetime, run: datetime) -> EndReason | None:
        self._turn_day(armed_ns, min(_day(told), _day(run)))
        if armed_ns - self._saved_ns >= _SAVE_NS:
            self.save(armed_ns)
        used = timedelta(microseconds=self._today_ns(armed_ns) // 1000)
        found = {self._lawful.permission(self._clocks.local(at), used) for at in (told, run)}
        if Permission.OUTSIDE_HOURS in found:
            return EndReason.OUTSIDE_HOURS
        return EndReason.DAILY_CAP if Permission.CAP_USED_UP in found else None

    def _turn_day(self, armed_ns: int, today: date) -> None:
        """Begin to count anew once both clocks say that it is another day."""
        if today > self._used.day:
            self._used = DayUse(day=today, armed_ns=0)
            self._before_ns = armed_ns

    def _today_ns(self, armed_ns: int) -> int:
        return self._used.armed_ns + armed_ns - self._before_ns


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
