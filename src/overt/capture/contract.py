"""What every platform's input hook and frame source promise."""

from collections.abc import Callable
from typing import Protocol

from overt.events.geometry import Rect
from overt.events.raw import RawEvent, RawFrame


class InputHook(Protocol):
    """One hook for the life of the session, enabled and disabled at the display server.

    Its callbacks only stamp a time and enqueue; the queue is bounded, and what does not fit is counted in ``lost``.
    """

    def start(self, wake: Callable[[], None]) -> None:
        """Create the hook, disarmed. *wake* is called from the hook's thread when the queue stops being empty."""
        ...

    def arm(self) -> None:
        """Enable the hook at the display server; on return events flow."""
        ...

    def disarm(self) -> None:
        """Disable the hook at the display server and empty the queue; on return nothing reaches this process."""
        ...

    def drain(self) -> list[RawEvent]:
        """Take everything that is queued, oldest first."""
        ...

    @property
    def pending(self) -> bool:
        """Whether events are queued."""
        ...

    @property
    def armed(self) -> bool:
        """Whether the hook is enabled."""
        ...

    @property
    def alive(self) -> bool:
        """Whether the hook can still be armed. When the display goes away this turns false and *wake* is called."""
        ...

    @property
    def lost(self) -> int:
        """How many events did not fit into the queue since ``start``."""
        ...

    @property
    def forgotten(self) -> int:
        """How many queued events were thrown away when the hook was disarmed: nobody looked at them."""
        ...

    @property
    def seen(self) -> int:
        """How many events the hook saw while armed since ``start``: queued and lost together."""
        ...

    def close(self) -> None:
        """Disarm and release the hook; harmless when called twice, and it never hangs."""
        ...


class FrameSource(Protocol):
    """Takes pictures of the screen."""

    def grab(self, rect: Rect) -> RawFrame:
        """Return the pixels of *rect*, clipped to the screen; raises ``DesktopError`` when the display is gone."""
        ...

    def close(self) -> None:
        """Release the display connection; harmless when called twice."""
        ...
