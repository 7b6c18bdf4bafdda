"""How much is held, and for how long; every default has its reason beside it."""

from dataclasses import dataclass
from typing import Final

NS_PER_MS: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of the redaction room; durations are nanoseconds."""

    cells: int = 8192
    """Characters that one field holds; a longer text is withheld whole."""
    frames: int = 10
    """Frames held; each is up to a megabyte of PNG."""
    frame_bytes_per_hour: int = 100_000_000
    """One each two seconds, which is the most, of the largest page measured (53 KB); of photographs fewer."""
    entries: int = 20_000
    """Events that wait behind a field; the newest are dropped and counted beyond it."""
    idle_ns: int = 5_000 * NS_PER_MS
    """A field left alone so long closes a segment."""
    quarantine_ns: int = 120_000 * NS_PER_MS
    """A field that lost the focus so long ago is not taken up again where it was left."""
    run_ns: int = 500 * NS_PER_MS
    """Clicks, and turns of the wheel, no further apart than this are one action."""
    moves_apart_ns: int = 100 * NS_PER_MS
    """At most ten points of the pointer's way a second."""
