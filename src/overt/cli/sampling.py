"""``overt audit sample``: how many to look at, which ones, and what may be said afterwards; without any key."""

import json
import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Final

import click

from overt.audit.drawing import Plan, drawn, planned
from overt.audit.lots import Stock, stock
from overt.audit.sampling import Claim, recall_bound, upper_bound
from overt.cli.asking import PLACE, counted, ends, json_option, say
from overt.cli.progress import bar
from overt.errors import VerificationError
from overt.store import files


class _Share(click.ParamType[Fraction]):
    """A share as people write it: 1%, 0.01 or 1/100."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:
        text = str(value).strip()
        number, scale = (text[:-1], 100) if text.endswith("%") else (text, 1)
        try:
            return Fraction(number) / scale
        except (ValueError, ZeroDivisionError):
            self.fail("it is not a share such as 1% or 0.01", param, ctx)


SHARE: Final = _Share()
_Command = Callable[..., None]


def _claim_options(function: _Command) -> _Command:
    """Add what a claim is made of."""
    for option in (
        click.option("--correlation", type=SHARE, default="0", metavar="SHARE", help="How alike one person's are."),
        click.option("--sensitivity", type=SHARE, default="100%", metavar="SHARE", help="What the reviewer sees."),
        click.option("--accept", type=click.IntRange(min=0), default=0, metavar="N", help="Defects still accepted."),
        click.option("--confidence", type=SHARE, default="95%", show_default=True, metavar="SHARE"),
        click.option("--claim", type=SHARE, required=True, metavar="SHARE", help="Fewer than this are defective."),
        click.option("--from", "store", type=PLACE, required=True, metavar="DIR", help="The submitted episodes."),
    ):
        function = option(function)
    return function


@click.group("sample", epilog=ends("overt audit sample plan --from submitted --claim 1%"))
def command() -> None:
    """Look at some, and know what that says of all. Nobody can steer which."""


@command.command(
    "plan",
    short_help="Say how many to look at for a claim, and the root to publish.",
    epilog=ends(
        "overt audit sample plan --from submitted --claim 1% --sensitivity 90%",
        "0 told, 2 wrong use or nothing to sample",
    ),
)
@_claim_options
@json_option
def plan_command(  # noqa: PLR0913 - one parameter for each option
    *, store: Path, claim: Fraction, confidence: Fraction, accept: int, sensitivity: Fraction, correlation: Fraction,
    as_json: bool,
) -> None:  # fmt: skip
    """Say how many segments to look at, and of how many people.

    Whoever keeps the store publishes the root now. Only then choose a nonce that nobody could know, and draw.
    """
    asked = Claim(rate=claim, confidence=confidence, accepted=accept, sensitivity=sensitivity)
    held = _held(store)
    plan = planned(held.lot, asked, correlation)
    lines = [*_plan_lines(held, plan), "publish the root, then: overt audit sample draw --root ROOT --nonce TEXT"]
    say(_plan_facts(held, plan), lines, as_json=as_json)


@command.command(
    "draw",
    short_help="Draw the segments to look at, by a published root and a nonce.",
    epilog=ends(
        "overt audit sample draw --from submitted --claim 1% --root 3f9a… --nonce '4 8 15 16 23 42'",
        "0 drawn, 1 the store is no longer the one whose root was published, 2 wrong use, 7 disk",
    ),
)
@_claim_options
@click.option("--root", required=True, metavar="HEX", help="The root as it was published.")
@click.option("--nonce", required=True, metavar="TEXT", help="What nobody knew when the root was published.")
@click.option("--out", type=PLACE, metavar="FILE", help="Write the draw there too.")
@json_option
def draw_command(  # noqa: PLR0913 - one parameter for each option
    *, store: Path, claim: Fraction, confidence: Fraction, accept: int, sensitivity: Fraction, correlation: Fraction,
    root: str, nonce: str, out: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Draw the segments to look at. Anybody with the same store, root and nonce draws the same."""
    asked = Claim(rate=claim, confidence=confidence, accepted=accept, sensitivity=sensitivity)
    held = _held(store)
    if held.lot.root != root.strip().lower():
        raise VerificationError(
            "the store is not the one whose root was published", hint="compare: overt audit sample plan"
        )
    plan = planned(held.lot, asked, correlation)
    units = drawn(held.lot, plan, nonce)
    facts = {**_plan_facts(held, plan), "nonce": nonce, "drawn": [[unit.episode, unit.index] for unit in units]}
    if out is not None:
        place = Path(os.path.abspath(out))  # noqa: PTH100 - a symlink must stay visible
        files.replace(place.parent, place.name, (json.dumps(facts, indent=2) + "\n").encode())
    say(facts, [*_plan_lines(held, plan), *(f"{unit.episode}  {unit.index}" for unit in units)], as_json=as_json)


@command.command(
    "bound",
    short_help="Say the most that may be defective, after looking.",
    epilog=ends("overt audit sample bound --looked 299 --found 0", "0 told, 2 wrong use"),
)
@click.option("--looked", type=click.IntRange(min=1), required=True, metavar="N", help="How many were looked at.")
@click.option("--found", type=click.IntRange(min=0), required=True, metavar="K", help="How many were defective.")
@click.option("--of", "lot", type=click.IntRange(min=1), metavar="N", help="How many there are; else without end.")
@click.option("--confidence", type=SHARE, default="95%", show_default=True, metavar="SHARE")
@json_option
def bound_command(*, looked: int, found: int, lot: int | None, confidence: Fraction, as_json: bool) -> None:
    """Say the largest share of defects that K among N do not rule out, exactly.

    Of N planted canaries of which K were missed, it says the least share that is found, too.
    """
    most, least = upper_bound(found, looked, confidence, lot), recall_bound(looked - found, looked, confidence)
    lines = [
        f"at most {most:.4%} are defective, at a confidence of {float(confidence):.4g}",
        f"had they been planted: at least {least:.4%} are found",
    ]
    say({"upper_bound": most, "recall_bound": least, "confidence": float(confidence)}, lines, as_json=as_json)


def _held(store: Path) -> Stock:
    with bar("reading") as progress:
        return stock(store, progress)


def _plan_facts(held: Stock, plan: Plan) -> dict[str, object]:
    claim = plan.claim
    return {
        "root": held.lot.root,
        "claim": float(claim.rate),
        "confidence": float(claim.confidence),
        "accept": claim.accepted,
        "sensitivity": float(claim.sensitivity),
        "episodes": len(held.lot.pieces),
        "unproven": held.unproven,
        "segments": plan.lot,
        "size": plan.size,
        "contributors": len(plan.shares),
    }


def _plan_lines(held: Stock, plan: Plan) -> list[str]:
    claim = plan.claim
    proven = counted(len(held.lot.pieces), "proven episode")
    accepted = counted(claim.accepted, "defect")
    lines = [
        f"root      {held.lot.root}",
        f"lot       {counted(plan.lot, 'segment')} in {proven} of {counted(len(plan.shares), 'device')}",
        f"claim     below {float(claim.rate):.4%}, {accepted} accepted, at {float(claim.confidence):.4g} confidence",
        f"look at   {plan.size:,}",
    ]
    if held.unproven:
        lines.insert(2, f"left out  {counted(held.unproven, 'file')} that prove nothing; see: overt audit run")
    return lines
