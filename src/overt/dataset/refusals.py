"""What ends an export as a whole: nothing is left that may be exported, or what is left is of too few people."""

from collections import Counter
from collections.abc import Sequence

from overt.dataset.eligible import Eligible, Foreseen, Skip
from overt.errors import ConsentError, PolicyError


def check_cohort(cohort_floor: int, left: Sequence[Eligible | Foreseen]) -> None:
    """Raise ``PolicyError`` if what is *left* is of too few people.

    Of how many is not told: it would tell who said no.
    """
    if len({each.contributor_key for each in left}) < cohort_floor:
        raise PolicyError(
            f"what is left to export is of fewer than {cohort_floor} people",
            hint="that many is the least, by cohort_floor of the policy: an export of a few people is one of persons",
        )


def nothing_left(purpose: str, skips: Sequence[Skip]) -> ConsentError:
    """Return the error that says that no episode may be exported for *purpose*, and why each of them may not."""
    reasons = Counter(skip.reason.value.replace("_", " ") for skip in skips)
    told = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items())) or "none was offered"
    found = sum((Counter(skip.findings) for skip in skips), Counter[str]())
    told += f" ({', '.join(f'{count} {kind}' for kind, count in sorted(found.items()))})" if found else ""
    return ConsentError(
        f"no episode may be exported for {purpose}: {told}",
        hint="only approved and submitted episodes, whose grant names this purpose, can be exported",
    )
