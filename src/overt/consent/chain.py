"""The chain of one person's grants: each names the hash of the one before it, so that a missing one is seen."""

from collections.abc import Sequence

from overt.consent.grant import Grant
from overt.consent.record import record_text
from overt.policy.document import text_sha256


def breaks(grants: Sequence[Grant]) -> tuple[str, ...]:
    """Return the ids of those of *grants*, oldest first, whose predecessor is not the one before them.

    One that was taken away, or put in between, shows in the next one. That the newest is missing shows in the log only.
    """
    before = (None, *(text_sha256(record_text(grant)) for grant in grants))
    return tuple(grant.id for grant, previous in zip(grants, before, strict=False) if grant.previous != previous)
