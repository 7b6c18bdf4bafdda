"""No command ranks, rates or counts people: neither its words nor its options have a place for it."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from overt.cli.app import overt

pytestmark = pytest.mark.arch

SOURCE = Path(__file__).parents[2] / "src/overt"
WORDS = re.compile(r"score|rank|productiv|performan|leaderboard|per.person|by.person|per.employee|by.employee|roster")


def words(group: click.Command) -> Iterator[str]:
    """Yield the name of every command under *group* and of every option and argument that it takes."""
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            found = group.get_command(context, name)
            assert found is not None
            yield name
            yield from words(found)
    for parameter in group.params:
        yield from (*parameter.opts, parameter.name or "")


def test_no_command_and_no_option_is_about_how_well_or_how_much_somebody_did() -> None:
    assert [word for word in words(overt) if WORDS.search(word)] == []


def test_an_export_counts_nothing_by_contributor() -> None:
    """Who contributed is looked at for the floor, the split and the name within one release, and nowhere else."""
    found = {
        path.relative_to(SOURCE).as_posix()
        for path in sorted(SOURCE.rglob("*.py"))
        for line in path.read_text().splitlines()
        if "contributor_key" in line and "*contributor_key*" not in line
    }

    assert found == {"dataset/eligible.py", "dataset/pipeline.py", "dataset/refusals.py", "dataset/source.py"}
