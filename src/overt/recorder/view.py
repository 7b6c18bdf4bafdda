"""Which allowlisted page is in view, and when it came and went."""

from dataclasses import dataclass
from typing import Final

from overt.events.context import Context, Focus
from overt.events.verdict import DropReason
from overt.gate import Never, Open, nothing_barred, page_of
from overt.policy.urls import clean

GRACE_NS: Final = 500_000_000
"""A page is left once something else has had the focus for this long; until then the hook is off, and that is all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """The page in view became *to* (``None``: nothing that may be recorded) at *at_ns*."""

    to: Context | None
    area: str
    at_ns: int


class View:
    """Turns a stream of focus answers into page turns."""

    def __init__(
        self, sites: frozenset[str], excluded: frozenset[str] = frozenset(), never: Never = nothing_barred
    ) -> None:
        """See only pages of *sites*, and none that lies in an *excluded* area or that the person *never* wants."""
        self._sites = sites
        self._excluded = excluded
        self._never = never
        self._key: tuple[int, str, str, str | None] | None = None
        self._away_ns: int | None = None

    def open_area(self, focus: Focus) -> Open | DropReason:
        """Say whether *focus* is on a page that may be recorded."""
        return page_of(focus, self._sites, self._excluded, self._never)

    @property
    def away(self) -> bool:
        """Whether a page is in view that may be about to be left."""
        return self._away_ns is not None

    def observe(self, focus: Focus, at_ns: int) -> Turned | None:
        """Take in what had the focus at *at_ns*; return the page turn that it means, if any."""
        opened = self.open_area(focus)
        if isinstance(opened, DropReason) or not isinstance(focus, Context):
            return self._look_away(at_ns)
        self._away_ns = None
        cleaned = clean(focus.page.uri)
        assert cleaned is not None, "an open page has an address that can be cleaned"
        key = (focus.window.xid, focus.page.key, cleaned.url, cleaned.query)
        if key == self._key:
            return None
        self._key = key
        return Turned(to=focus, area=opened.area, at_ns=at_ns)

    def _look_away(self, at_ns: int) -> Turned | None:
        if self._key is None:
            return None
        if self._away_ns is None:
            self._away_ns = at_ns
        if at_ns - self._away_ns < GRACE_NS:
            return None
        left_ns, self._away_ns, self._key = self._away_ns, None, None
        return Turned(to=None, area="", at_ns=left_ns)
