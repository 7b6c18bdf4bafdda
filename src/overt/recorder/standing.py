"""Is what the person agreed to still what lies in their home, signed and offered? Cheap to ask, and proven in full."""

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from overt.consent.grant import Grant
from overt.consent.status import ConsentStatus
from overt.errors import ConsentError, OvertError, PolicyError
from overt.events.verdict import EndReason
from overt.keys.consent_files import load_consent, load_organisation, read_text, require_consent, withdrawal_path
from overt.keys.countersign import open_revocation
from overt.store.home import Home

LOOK_NS: Final = 200_000_000
"""How often the files are looked at."""

_PROVE_NS: Final = 30_000_000_000
"""How often every signature is checked anew though no file seems to have changed."""

_ENDED: Final[Mapping[ConsentStatus, EndReason]] = MappingProxyType(
    {
        ConsentStatus.WITHDRAWN: EndReason.WITHDRAWN,
        ConsentStatus.REVOKED: EndReason.REVOKED,
        ConsentStatus.EXPIRED: EndReason.EXPIRED,
    }
)

_Looks = tuple[tuple[int, ...] | None, ...]
"""Of each file what changes when it does, or ``None`` when it cannot be looked at."""


class Standing:
    """Watches the bundle, the admin's key, the device's key and the grants of one home."""

    def __init__(self, home: Home, grant: Grant) -> None:
        """Watch whether *grant* still stands in *home*."""
        self._home = home
        self._grant = grant
        self._proven: _Looks | None = None
        self._ended: EndReason | None = None
        self._look_ns = 0
        self._prove_ns = 0

    def __call__(self, at: datetime, now_ns: int) -> EndReason | None:
        """Return why the grant no longer stands at the instant *at*, or ``None``; *now_ns* runs and is never set.

        What has ended once stays so.
        """
        if self._ended is not None or (now_ns < self._look_ns and self._proven is not None):
            return self._ended
        self._look_ns = now_ns + LOOK_NS
        # Looked at before it is proven: what changes in between is seen the next time.
        looks = self._looks()
        if looks == self._proven and now_ns < self._prove_ns:
            return None
        self._ended = self._prove(at)
        self._proven, self._prove_ns = looks, now_ns + _PROVE_NS
        return self._ended

    def who_ended(self) -> EndReason:
        """Say who ended the grant, in whose withdrawal's place something lies."""
        try:
            open_revocation(read_text(withdrawal_path(self._home, self._grant.id)), self._grant)
        except (ConsentError, FileNotFoundError):
            return EndReason.WITHDRAWN
        return EndReason.REVOKED

    def _looks(self) -> _Looks:
        home = self._home
        grants = home.grants_directory
        watched = (home.bundle_path, home.admin_key_path, grants, grants / f"{self._grant.id}.note")
        return tuple(_look(path) for path in (*watched, *sorted(home.keys_directory.glob("device*"))))

    def _prove(self, at: datetime) -> EndReason | None:
        try:
            load_organisation(self._home)
            consent = load_consent(self._home)
        except OvertError:
            return EndReason.INVALID
        if consent.grant != self._grant:
            return EndReason.INVALID if consent.grant is None else EndReason.CHANGED
        found = consent.status(at)
        if not found.permits:
            return _ENDED.get(found, EndReason.CHANGED)
        return self._permitted(at)

    def _permitted(self, at: datetime) -> EndReason | None:
        try:
            require_consent(self._home, at)
        except PolicyError:
            return EndReason.LAW
        except OvertError:
            return EndReason.CHANGED
        return None


def _look(path: Path) -> tuple[int, ...] | None:
    try:
        seen = os.lstat(path)
    except OSError:
        return None
    return seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_mode
