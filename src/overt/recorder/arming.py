"""The hook is on only while an allowlisted page has the focus and the indicator is on the screen."""

from collections.abc import Callable
from typing import Final

from overt.capture.contract import InputHook
from overt.events.geometry import Rect
from overt.indicator.contract import Indicator

_MAX_MISSES: Final = 4
"""Looks in a row at which the border was asked for and not seen, after which the session ends."""


class Arming:
    """Arms and disarms the hook together with the indicator, and adds up how long it was armed."""

    def __init__(self, *, hook: InputHook, indicator: Indicator, now: Callable[[], int]) -> None:
        """Hold *hook* and *indicator* together; *now* is monotonic ns."""
        self._hook = hook
        self._indicator = indicator
        self._now = now
        self._since: int | None = None
        self._total_ns = 0
        self._rect: Rect | None = None
        self._misses = 0

    @property
    def armed(self) -> bool:
        """Whether events flow."""
        return self._since is not None

    @property
    def armed_ns(self) -> int:
        """How long the hook has been armed in this session."""
        return self._total_ns + (self._now() - self._since if self._since is not None else 0)

    @property
    def indicator_lost(self) -> bool:
        """Whether the border was asked for again and again and is not on the screen."""
        return self._misses >= _MAX_MISSES

    def hold(self, rect: Rect) -> bool:
        """Put the border around *rect* and arm; return whether the hook is armed. No border, no hook."""
        if rect != self._rect or not self._indicator.visible():
            self._indicator.show(rect)
            self._rect = rect
            if not self._indicator.visible():
                self._misses += 1
                self._disarm()
                return False
        self._misses = 0
        if self._since is None:
            self._hook.arm()
            self._since = self._now()
        return True

    def release(self) -> None:
        """Disarm first, then take the border away."""
        self._disarm()
        if self._rect is not None:
            self._indicator.hide()
            self._rect = None

    def _disarm(self) -> None:
        if self._since is not None:
            self._hook.disarm()
            self._total_ns += self._now() - self._since
            self._since = None
