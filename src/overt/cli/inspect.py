"""``overt inspect``: what an episode file says without any key."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from overt.cli.asking import PLACE, ends
from overt.errors import VerificationError
from overt.store.files import read_anywhere
from overt.verify import UnsafeAnyDevice, Verdict, verify_episode


@click.command(
    epilog=ends(
        "overt inspect 1b4e28ba2fa1411ab5c3d6e0a1b2c3d4.ep",
        "0 shown, 1 not an episode or changed in its opening, 2 wrong use, 7 unreadable",
    )
)
@click.argument("file", type=PLACE)
@click.option("--json", "as_json", is_flag=True, help="Print what it says as JSON.")
def command(*, file: Path, as_json: bool) -> None:
    """Say what the episode FILE says without any key: its state, grant, policy, device and sizes.

    It does not ask whose device it is: use overt verify for that. What was recorded stays sealed.
    """
    data = read_anywhere(file)
    try:
        verdict = verify_episode(data, trust=UnsafeAnyDevice())
    except VerificationError as problem:
        raise VerificationError(f"{file} is {problem}") from None
    click.echo(json.dumps(asdict(verdict), indent=2) if as_json else "\n".join(_lines(verdict)))


def _lines(verdict: Verdict) -> list[str]:
    said = {
        "episode": verdict.episode_id + (" (trial)" if verdict.trial else ""),
        "state": verdict.state + (f": {verdict.reason} ({verdict.rule})" if verdict.rule else ""),
        "ended": verdict.end_reason or "not closed",
        "device": f"{verdict.device} (not checked here)",
        "grant": verdict.grant,
        "policy": verdict.policy_sha256,
        "flushes": f"{verdict.flushes:,}",
        "metadata": f"{verdict.segments['m']:,} segments, {verdict.sealed_bytes['m']:,} bytes sealed",
        "content": f"{verdict.segments['c']:,} segments, {verdict.sealed_bytes['c']:,} bytes sealed",
        "size": f"{verdict.size:,} of {verdict.total:,} bytes stand under a checkpoint",
        "root": f"{verdict.root} over {verdict.leaves:,} members",
    }
    return [f"{name:<9} {value}" for name, value in said.items()]
