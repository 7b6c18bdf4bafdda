"""``overt synth``: episodes that nobody recorded, for tests, for scale, and for training without people."""

from datetime import datetime
from pathlib import Path
from typing import Final

import click

from overt.cli.asking import PLACE, ends, json_option, note, now, say
from overt.cli.progress import bar
from overt.keys.passphrase import no_passphrase
from overt.store.home import Home
from overt.subject.consenting import Choice, give
from overt.subject.submitting import approve, submit
from overt.synth.making import Acts, Made, make
from overt.synth.session import GENERATOR_VERSION, Plan

_SIGNALS: Final = ("clicks", "screenshots", "scrolls", "text")
_CHOICE: Final = Choice(
    sites=("google", "linkedin", "wikipedia"),
    signals=_SIGNALS,
    purposes=("model_evaluation", "model_training"),
    days=180,
)
"""What every made-up person switches on."""


@click.command(
    "synth",
    epilog=ends(
        "overt synth --episodes 100 --seed 1 --out synthetic",
        "0 made or already there, 2 wrong use or another plan there, 4 its consent has run out, 7 disk, "
        "9 something else is there",
    ),
)
@click.option("--episodes", type=click.IntRange(min=1), required=True, metavar="N", help="How many there shall be.")
@click.option("--seed", type=int, required=True, metavar="S", help="The same seed gives the same records.")
@click.option("--out", type=PLACE, required=True, metavar="DIR", help="The synthetic organisation; made if missing.")
@click.option(
    "--contributors", type=click.IntRange(min=1), default=1, show_default=True, metavar="C", help="Made-up people."
)
@click.option("--frames", is_flag=True, help="With pictures, each marked as synthetic.")
@json_option
def command(*, episodes: int, seed: int, out: Path, contributors: int, frames: bool, as_json: bool) -> None:
    """Make episodes that nobody recorded, sealed and handed over like real ones.

    DIR becomes an organisation of its own with homes, keys and made-up people. Its records say in every line that they
    are synthetic, and are never exported together with those of a person. Asking again for more makes the rest.
    """
    plan = Plan(seed=seed, episodes=episodes, contributors=contributors, frames=frames)
    acts = Acts(give=_give, approve=_approve, submit=submit)
    with bar("making synthetic episodes") as progress:
        made = make(out.absolute(), plan, acts, at=now(), progress=progress)
    _tell(made, plan, as_json=as_json)


def _give(home: Home, at: datetime) -> None:
    give(home, _CHOICE, no_passphrase, at)


def _approve(home: Home, episode_ids: list[str], at: datetime) -> None:
    approve(home, episode_ids, no_passphrase, at)


def _tell(made: Made, plan: Plan, *, as_json: bool) -> None:
    note("synthetic: nobody was recorded, and every record says so")
    facts = {
        "out": str(made.root),
        "submitted": str(made.submitted),
        "generator": GENERATOR_VERSION,
        "seed": plan.seed,
        "frames": plan.frames,
        "day": made.day.isoformat(),
        "contributors": made.contributors,
        "episodes": made.episodes,
        "new": made.new,
    }
    people = "1 person" if made.contributors == 1 else f"{made.contributors:,} people"
    lines = [
        f"{made.episodes:,} synthetic episodes of {people} at {made.root}, {made.new:,} of them new",
        f"next: overt export --home {made.root} --purpose model_training --out dataset",
    ]
    say(facts, lines, as_json=as_json)
