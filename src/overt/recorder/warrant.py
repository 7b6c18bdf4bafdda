"""May the session go on? Asked several times a second; the first no ends it."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from overt.consent.grant import Grant
from overt.errors import ConsentError
from overt.events.verdict import EndReason
from overt.keys.consent_files import withdrawn
from overt.recorder.usage import NS_PER_MINUTE, DayUse, read_use, write_use
from overt.store.home import Home

_SAVE_NS: Final = 15_000_000_000
"""How often the day's use is written, so that a killed recorder forgets at most this much of it."""


class ConsentWarrant:
    """Holds while the grant is neither withdrawn nor expired and the day's cap is not used up.

    Expiry is held against the wall clock and against the monotonic one, so that setting the clock back wins no time.
    """

    def __init__(
        self, *, home: Home, grant: Grant, wall: Callable[[], datetime], now: Callable[[], int], minutes: int | None
    ) -> None:
        """Watch *grant* in *home*; *minutes* is the person's own limit for this session, if they set one."""
        self._home = home
        self._grant = grant
        self._wall = wall
        self._now = now
        self._ends_ns = now() + int((grant.expires_at - wall()).total_seconds() * 1e9)
        self._cap_ns = grant.promises.daily_cap_minutes * NS_PER_MINUTE
        self._session_ns = None if minutes is None else now() + minutes * NS_PER_MINUTE
        self._used = read_use(home, self._today(), cap_ns=self._cap_ns)
        self._saved_ns = 0

    def __call__(self, armed_ns: int) -> EndReason | None:
        """Return why the session must end now, after *armed_ns* of recording, or ``None``."""
        if withdrawn(self._home, self._grant.id):
            return EndReason.WITHDRAWN
        if self._wall() >= self._grant.expires_at or self._now() >= self._ends_ns:
            return EndReason.EXPIRED
        if armed_ns - self._saved_ns >= _SAVE_NS:
            self.save(armed_ns)
        if self._used.armed_ns + armed_ns >= self._cap_ns:
            return EndReason.DAILY_CAP
        if self._session_ns is not None and self._now() >= self._session_ns:
            return EndReason.STOPPED
        return None

    def require(self) -> None:
        """Raise ``ConsentError`` when the session may not even begin."""
        if self(0) is EndReason.DAILY_CAP:
            raise ConsentError(
                f"the {self._grant.promises.daily_cap_minutes} minutes of today are used up",
                hint="the policy's daily cap starts anew at midnight, UTC",
            )

    def save(self, armed_ns: int) -> None:
        """Write down that this session has recorded for *armed_ns*."""
        self._saved_ns = armed_ns
        write_use(self._home, DayUse(day=self._used.day, armed_ns=self._used.armed_ns + armed_ns))

    def _today(self) -> date:
        return self._wall().date()
