"""``overt export preview``: a page to look at what an export holds."""

from pathlib import Path

import click

from overt.cli.asking import PLACE, counted, ends, json_option, note, say
from overt.cli.progress import bar
from overt.errors import UsageError

DEFAULT_EPISODES = 10


@click.command(
    "preview",
    epilog=ends(
        "overt export preview dataset --out preview.html --episodes 20",
        "0 written or already there, 2 wrong use, 7 disk, 8 no canonical tables, or damaged, "
        "10 'overt[export]' is missing",
    ),
)
@click.argument("dataset", type=PLACE, metavar="DATASET")
@click.option("--out", type=PLACE, required=True, metavar="FILE", help="The page; appears as a whole.")
@click.option(
    "--episodes",
    type=click.IntRange(min=1),
    default=DEFAULT_EPISODES,
    show_default=True,
    metavar="N",
    help="Show the first N.",
)
@json_option
def command(*, dataset: Path, out: Path, episodes: int, as_json: bool) -> None:
    """Write a page of what an export holds, to look at in a browser.

    One HTML file without a script, which loads nothing: the trajectories by task, each picture with the action drawn on
    it, what was typed, what was withheld, addresses, time in view and flags. DATASET needs the format parquet.
    """
    from overt.dataset.preview import Limits, preview  # noqa: PLC0415 - pyarrow and pillow are an extra

    if not dataset.is_dir():
        raise UsageError(f"there is no export at {dataset}")
    with bar("drawing") as progress:
        done = preview(dataset, out, Limits(episodes=episodes), progress)
    if done.pictures_left_out:
        note(f"not shown: {counted(done.pictures_left_out, 'picture')}")
    how = "is there already, unchanged" if done.unchanged else "written"
    shown = f"{done.episodes[0]:,} of {counted(done.episodes[1], 'episode')}, {done.steps[0]:,} of their "
    shown += f"{counted(done.steps[1], 'step')}, {counted(done.pictures, 'picture')}"
    facts = {
        "out": str(done.out),
        "bytes": done.size,
        "unchanged": done.unchanged,
        "episodes": {"shown": done.episodes[0], "offered": done.episodes[1]},
        "steps": {"shown": done.steps[0], "offered": done.steps[1]},
        "pictures": {"shown": done.pictures, "left_out": done.pictures_left_out},
    }
    say(facts, [f"{done.out} {how}: {done.size / 1e6:.1f} MB; {shown}"], as_json=as_json)
