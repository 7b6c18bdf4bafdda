"""The documents keep up with the program: commands, exit codes, targets; and no file says where it was written."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from overt import errors
from overt.cli.app import COMMANDS, overt
from overt.demo.programs import PACKAGES

pytestmark = pytest.mark.arch

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
GUIDES = README + "".join(path.read_text() for path in sorted((ROOT / "docs").glob("*.md")))

PLACES = re.compile(
    r"(?<![\w./~$}>*-])/(?:work|root|farm)/\w"  # a path of one machine
    r"|(?:pypi|pythonhosted|npmjs|debian)\.(?:org|com)\b(?:/|:)"  # an address of a registry
    r"|registry\.[a-z]+js\."
)


def commands(group: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command under *group* with the words that call it."""
    if isinstance(group, click.Group):
        context = click.Context(group)
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            yield f"{path} {name}", command
            yield from commands(command, f"{path} {name}")


def built() -> dict[str, click.Command]:
    try:
        return dict(commands(overt, "overt"))
    except ModuleNotFoundError as missing:
        pytest.fail(f"a command of the table has no module: {missing}")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_documents(name: str) -> None:
    assert f"overt {name}" in GUIDES


def test_every_command_has_help_that_ends_in_an_example() -> None:
    without = [
        words
        for words, command in built().items()
        if not isinstance(command, click.Group) and words not in last_paragraph(command, words)
    ]

    assert without == []


def last_paragraph(command: click.Command, words: str) -> str:
    text = command.get_help(click.Context(command, info_name=words)).rstrip()
    return " ".join(text.rpartition("\n\n")[2].split())


def test_every_command_line_in_the_documents_can_be_called() -> None:
    lines = [line for block in re.findall(r"```sh\n(.*?)```", GUIDES, re.DOTALL) for line in block.splitlines()]

    assert {line: problem for line in lines if line.startswith("overt ") and (problem := objection(line))} == {}


def objection(line: str) -> str:
    """Return what is wrong with the command *line*: a command or an option that does not exist."""
    words = line.partition("#")[0].split()[1:]
    command: click.Command = overt
    while isinstance(command, click.Group) and words:
        if command.invoke_without_command and words[0].startswith("--"):
            break
        found = command.get_command(click.Context(command), words[0])
        if found is None:
            return f"no command {words[0]}"
        command, words = found, words[1:]
    known = {option for parameter in command.params for option in parameter.opts}
    unknown = [word for word in words if word.startswith("--") and word not in known]
    return f"no option {unknown[0]}" if unknown else ""


def test_every_exit_code_is_documented() -> None:
    table = (ROOT / "docs/exit-codes.md").read_text()
    families = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.OvertError)
    ]
    codes = {0, 70, 130, 141} | {kind.exit_code for kind in families}

    assert [code for code in sorted(codes) if not re.search(rf"^\| {code} \|", table, re.MULTILINE)] == []


def test_every_target_that_the_documents_name_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"`make ([a-z-]+)", GUIDES)) <= targets


def test_the_build_installs_every_program_that_the_demo_needs() -> None:
    installed = set(re.findall(r"^ *need ([a-z0-9-]+)", (ROOT / ".ci/system").read_text(), re.MULTILINE))

    assert set(PACKAGES.values()) <= installed


def test_every_file_that_a_document_links_to_exists() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    links = [(page, link) for page in pages for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())]

    assert [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []


def test_no_committed_file_says_where_it_was_written() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    found = [
        f"{name}: {match.group()}"
        for name in listed.stdout.split("\0")
        if name and (ROOT / name).is_file() and (ROOT / name) != Path(__file__)
        for match in PLACES.finditer((ROOT / name).read_text(errors="ignore"))
    ]

    assert found == []
