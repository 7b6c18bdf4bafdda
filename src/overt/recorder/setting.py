"""What a session is given, and what it shows: its desktop, the terms of the grant, a warrant; its status."""

from dataclasses import dataclass, field
from typing import Protocol

from overt.capture.contract import FrameSource, InputHook
from overt.events.verdict import EndReason
from overt.focus.contract import FocusSource
from overt.gate import Never, nothing_barred
from overt.indicator.contract import Indicator
from overt.policy.signals import Signal
from overt.redact.lexicon import Lexicon


@dataclass(frozen=True, slots=True, kw_only=True)
class Desktop:
    """What a session sees and hears of the desktop, whatever the platform."""

    focus: FocusSource
    hook: InputHook
    frames: FrameSource | None
    indicator: Indicator


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the grant in force and the policy allow this session; *excluded* are areas that the policy leaves out.

    *special_dropped* says that texts which speak of special categories of personal data are not kept.

    The person's own terms come on top: *lexicon* has words of which none is kept, *never* says which pages are not.
    """

    sites: frozenset[str]
    excluded: frozenset[str]
    signals: frozenset[Signal]
    special_dropped: bool = False
    lexicon: Lexicon = field(default_factory=Lexicon, repr=False)
    never: Never = nothing_barred


class Warrant(Protocol):
    """Says again and again whether the session may go on."""

    def __call__(self, armed_ns: int) -> EndReason | None:
        """Return why the session must end now, after *armed_ns* of recording, or ``None`` while it may go on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What the person is shown: whether events flow, where or else why not, and how much is kept or withheld."""

    armed: bool
    area: str
    why_not: str
    kept: int
    withheld: int
    dropped: int
