"""The console script: finds the command's module, turns every ``OvertError`` into one line and an exit code."""

import importlib
import io
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import click

from overt import __version__
from overt.errors import OvertError
from overt.keys.hardening import harden

COMMANDS: Final = {
    "doctor": "Can this desktop be recorded safely?",
    "init": "Make a home for one role.",
    "join": "Install your organisation's signed bundle.",
    "policy": "Write, check, show and sign the organisation's policy.",
    "keys": "Make, list, replace and restore the keys of a home.",
    "consent": "Read the notice; give, see and withdraw your consent.",
    "record": "Record, visibly, until you stop.",
    "episodes": "List, show, redact, approve, submit and erase your own episodes.",
    "lexicon": "Name your own names and numbers, to be withheld everywhere.",
    "never": "Name pages of which nothing is to be recorded.",
    "shares": "Send shares to the vault, and ask it for some.",
    "vault": "Keep the vault: take, release and destroy shares.",
    "inspect": "Say what an episode file says without any key.",
    "verify": "Prove that an episode is untampered, without any key.",
    "log": "Show and prove the log of a home, and have it witnessed.",
    "audit": "Check every episode without opening any; witness logs.",
    "redact": "Try on any text what would be withheld from it, and by which detector.",
    "export": "Turn approved episodes into a training set for one purpose.",
    "revocations": "Delete from data sets what people took back.",
    "incentive": "Give everybody who is asked the same, recorded or not.",
    "uninstall": "Withdraw everything, and destroy your home and its keys.",
    "synth": "Make synthetic episodes, of nobody, marked as such.",
    "demo": "Watch the whole story on a private virtual desktop.",
}
"""Command name to its line of help; the module is ``overt.cli.<name>`` and holds a click ``command``."""


class _ReaderGoneError(Exception):
    """Nobody reads standard output any more; not an ``OSError``, which click would answer with an exit code of 1."""


@contextmanager
def _told_apart() -> Iterator[None]:
    """Tell apart what click would answer alike, or with a line of its own."""
    try:
        yield
    except BrokenPipeError:
        raise _ReaderGoneError from None
    except KeyboardInterrupt:
        raise click.Abort from None


class LazyGroup(click.Group):
    """Import a command's module when it is called, so that a recording process never loads what can decrypt."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - as click has it
    ) -> click.Context:
        """Read the command line; a help text that nobody reads ends it like any other output."""
        with _told_apart():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        with _told_apart():
            return super().invoke(ctx)

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
    _prepare_streams()
    _end_cleanly_when_asked()
    try:
        # Every command may come to hold a key, a passphrase or what was recorded.
        harden()
        overt.main(standalone_mode=False, prog_name="overt")
    except OvertError as problem:
        _explain(str(problem), problem.hint)
        sys.exit(problem.exit_code)
    except click.exceptions.NoArgsIsHelpError as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except click.ClickException as problem:
        _explain(_plain(problem.format_message()), _see(problem))
        sys.exit(problem.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _explain("interrupted", apart=sys.stderr.isatty())
        sys.exit(130)
    except _ReaderGoneError:
        _give_up(1)
        sys.exit(141)
    except OSError as problem:
        _give_up_if_full()
        _explain(f"the operating system refused: {(problem.strerror or type(problem).__name__).lower()}")
        sys.exit(7)
    except Exception as problem:  # noqa: BLE001 - the last door: a traceback could show content, so only a name leaves
        _explain(f"internal error ({type(problem).__name__})", "please report it; nothing recorded is in this message")
        sys.exit(70)


def _prepare_streams() -> None:
    """Open what is closed, so that no file of ours gets its number; let no name break an output."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            # The lowest free number is this one.
            os.open(os.devnull, os.O_RDWR)
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open until the end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file's name may hold bytes that are no text, and a terminal may know no tick.
            stream.reconfigure(errors="backslashreplace")


def _end_cleanly_when_asked() -> None:
    """Let a termination clean up like Ctrl+C does; what is ignored (``nohup``) stays ignored."""
    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)


def _plain(message: str) -> str:
    """Return click's *message* in the manner of ours: one line, lower case, no final period."""
    line = " ".join(message.split()).removesuffix(".")
    return line[:1].lower() + line[1:]


def _see(problem: click.ClickException) -> str:
    context = problem.ctx if isinstance(problem, click.UsageError) else None
    return f"see: {context.command_path} --help" if context else ""


def _explain(message: str, hint: str = "", *, apart: bool = False) -> None:
    try:
        # Apart from a prompt and the ^C behind it.
        click.echo(nl=apart, err=True)
        click.echo(f"overt: error: {_one_line(message)}", err=True)
        if hint:
            click.echo(f"overt: hint: {_one_line(hint)}", err=True)
    except OSError:
        # Where nobody can be told, the exit code still says it.
        _give_up(2)


def _give_up_if_full() -> None:
    try:
        sys.stdout.flush()
    except OSError:
        _give_up(1)


def _give_up(number: int) -> None:
    """Send what is left for the standard stream *number* nowhere: failing again at the exit would change the code."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), number)


def _one_line(text: str) -> str:
    """Return *text* without what could steer a terminal: a file may have any name."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)
