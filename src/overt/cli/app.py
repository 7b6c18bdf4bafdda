"""The console script: finds the command's module, turns every ``OvertError`` into one line and an exit code."""

import importlib
import os
import sys
from typing import Final

import click

from overt import __version__
from overt.errors import OvertError

COMMANDS: Final = {
    "doctor": "Can this desktop be recorded safely?",
    "init": "Make a home for one role.",
    "join": "Install your organisation's signed bundle.",
    "policy": "Write, check, show and sign the organisation's policy.",
    "keys": "Make and list role identities.",
    "consent": "Read the notice; give, see and withdraw your consent.",
    "record": "Record, visibly, until you stop.",
    "episodes": "List, show, approve, submit and erase your own episodes.",
    "inspect": "Say what an episode file says without any key.",
    "verify": "Prove that an episode is untampered, without any key.",
    "export": "Turn approved episodes into a training set for one purpose.",
    "demo": "Watch the whole story on a private virtual desktop.",
}
"""Command name to its line of help; the module is ``overt.cli.<name>`` and holds a click ``command``."""


class LazyGroup(click.Group):
    """Import a command's module when it is called, so that a recording process never loads what can decrypt."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the table above."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command *cmd_name*, or return ``None`` when there is none of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"overt.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any of them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Start with: overt doctor. Every command has --help with an example.",
)
@click.version_option(__version__, prog_name="overt")
def overt() -> None:
    """Record what a person openly agreed to, and nothing else."""


def main() -> None:
    """Run the command line; one line on standard error and an exit code for everything that goes wrong."""
    try:
        overt.main(standalone_mode=False, prog_name="overt")
    except OvertError as problem:
        _explain(str(problem), problem.hint)
        sys.exit(problem.exit_code)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _explain("interrupted")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except OSError as problem:
        _explain(f"the operating system refused: {problem.strerror or type(problem).__name__}")
        sys.exit(7)
    except Exception as problem:  # noqa: BLE001 - the last door: a traceback could show content, so only a name leaves
        _explain(f"internal error ({type(problem).__name__})", "please report it; nothing recorded is in this message")
        sys.exit(70)


def _explain(message: str, hint: str = "") -> None:
    click.echo(f"overt: error: {message}", err=True)
    if hint:
        click.echo(f"overt: hint: {hint}", err=True)
