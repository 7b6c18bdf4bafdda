"""``overt export --dry-run``: what an export would do, told without doing any of it."""

from overt.cli.asking import counted, note, now, say
from overt.cli.exporting import opened_shelf
from overt.dataset.dry_run import UNSEEN, Foresight, foresee, unasked
from overt.dataset.release import About
from overt.dataset.source import Source, cohort_floor, is_trial
from overt.policy.purposes import Purpose
from overt.store.home import Home


def foretell(admin: Home, purpose: Purpose, about: About, submissions: str | None, *, as_json: bool) -> None:
    """Print what an export for *purpose* would do, and raise what would end it."""
    shares = unasked(admin)
    if shares.directory is None:
        note("the vault is not at hand: what it would release is not known")
    with opened_shelf(admin, submissions) as place:
        source = Source(admin, place, shares=shares, keyring=None, purpose=purpose, at=now())
        source.to_give_away(away=about.receiver is not None)
        seen = foresee(source.ids(), source.foresee, purpose.value, cohort_floor(admin))
    _tell(admin, purpose, about, seen, as_json=as_json)


def _tell(admin: Home, purpose: Purpose, about: About, seen: Foresight, *, as_json: bool) -> None:
    offered = len(seen.would) + len(seen.skips)
    lines = [
        f"would be exported: {len(seen.would)} of {counted(offered, 'episode')}, if nothing inside bars them",
        *(f"would be exported {episode_id}" for episode_id in seen.would),
        *(f"would be skipped {skip.episode_id}: {skip.reason.replace('_', ' ')}" for skip in seen.skips),
    ]
    facts: dict[str, object] = {
        "dry_run": True,
        "purpose": purpose.value,
        "trial": is_trial(admin),
        "receiver": about.receiver.name if about.receiver else None,
        "episodes": {"offered": offered, "would_be_exported": len(seen.would)},
        "would_be_exported": list(seen.would),
        "skipped": [{"episode": skip.episode_id, "reason": skip.reason.value} for skip in seen.skips],
        "not_looked_at": [reason.value for reason in UNSEEN],
    }
    say(facts, lines, as_json=as_json)
    note("nothing was opened, released, logged or written; what is inside an episode may still bar it")
    if seen.refusal is not None:
        raise seen.refusal
