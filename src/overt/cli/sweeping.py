"""``overt episodes sweep``: erase what has been kept for as long as the notice says."""

from pathlib import Path

import click

from overt.cli.asking import ends, home_option, json_option, note, now, opened, say
from overt.cli.progress import bar
from overt.store.home import Role
from overt.subject.erasing import Erased
from overt.subject.keeping import Kept, overdue
from overt.subject.sweeping import sweep


@click.command(
    "sweep",
    short_help="Erase what has been kept as long as your notice says.",
    epilog=ends("overt episodes sweep --dry-run", "0 swept, 4 a grant was changed, 7 disk, 9 no home"),
)
@click.option("--dry-run", is_flag=True, help="Say what would be erased, and erase nothing.")
@click.option("--clock-is-right", "trusted", is_flag=True, help="Believe the clock, however far it has jumped.")
@home_option
@json_option
def sweep_command(*, dry_run: bool, trusted: bool, home: Path | None, as_json: bool) -> None:
    """Erase every episode that has been kept for as long as your notice says. Run it daily; overt record begins so too.

    What you approved goes when its last purpose ends, the rest when the first one does. A clock that is over a week
    ahead of the last day known is not believed on the first day that it shows.
    """
    person = opened(home, Role.EMPLOYEE)
    if dry_run:
        found = overdue(person, now(), trusted=trusted)
        _say_swept((), found.due, found.doubted, as_json=as_json)
        return
    with bar("wrapping what stays") as progress:
        done = sweep(person, now(), trusted=trusted, progress=progress)
    _say_swept(done.erased, (), done.doubted, as_json=as_json)


def erased_facts(done: Erased) -> dict[str, object]:
    """Return what ``--json`` says of one erasure."""
    order = None if done.order is None else str(done.order)
    return {"episode_id": done.episode_id, "shares": done.shares, "settled": done.settled, "order": order}


def tell_orders(done: tuple[Erased, ...]) -> None:
    """Say which files make others destroy what they have of it."""
    orders = [each.order for each in done if each.order is not None and not each.settled]
    if orders:
        what = f"{orders[0]}" if len(orders) == 1 else f"the {len(orders)} new files in {orders[0].parent}"
        note(f"give {what} to the vault's keeper, and to whoever has a copy: overt vault shred")


def _say_swept(erased: tuple[Erased, ...], due: tuple[Kept, ...], doubted: tuple[Kept, ...], *, as_json: bool) -> None:
    facts = {
        "erased": [erased_facts(each) for each in erased],
        "due": [_kept_facts(each) for each in due],
        "doubted": [_kept_facts(each) for each in doubted],
    }
    lines = [f"erased {each.episode_id}" for each in erased]
    lines += [f"would erase {each.episode_id}, recorded on {each.recorded}" for each in due]
    say(facts, lines or ["nothing has been kept too long"], as_json=as_json)
    tell_orders(erased)
    if doubted:
        note(f"the clock has jumped: {len(doubted)} more wait for another day, or for --clock-is-right")


def _kept_facts(each: Kept) -> dict[str, str]:
    return {
        "episode_id": each.episode_id,
        "recorded": each.recorded.isoformat(),
        "gone_on": each.gone_on.isoformat(),
    }
