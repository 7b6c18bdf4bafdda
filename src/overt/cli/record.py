"""``overt record``: the foreground recorder, with a live status line and the border on the screen."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

import click

from overt.cli.asking import at_terminal, ends, home_option, now, opened, passphrase_option, passphrase_source
from overt.errors import StorageError
from overt.events.verdict import EndReason
from overt.recorder.run import Options, Outcome, record
from overt.recorder.setting import Status
from overt.store.home import Home, Role
from overt.subject.keeping import overdue


@click.command(
    "record",
    epilog=ends(
        "overt record --minutes 20",
        "0 stopped, 3 desktop or indicator, 4 no consent or its end, 5 policy or its law, 6 key, 7 disk, 9 no home",
    ),
)
@home_option
@click.option("--minutes", type=click.IntRange(1, 480), metavar="N", help="Stop by itself after N minutes.")
@passphrase_option
@click.option("--json", "as_json", is_flag=True, help="Say what happens as JSON lines on standard output.")
def command(*, home: Path | None, minutes: int | None, passphrase_file: Path | None, as_json: bool) -> None:
    """Record, visibly, until you press Ctrl+C.

    While a page that you consented to has the focus, a coloured border stands around it and your keys and clicks are
    recorded, redacted and sealed. Everywhere else the hook is off. Press p in this terminal to pause, for as long as
    you like, and p again to go on. When the policy's hours end, or the minutes of the day are used up, it stops.
    """
    teller = _JsonTeller() if as_json else _LineTeller(live=sys.stderr.isatty())
    person = opened(home, Role.EMPLOYEE)
    _sweep(person)
    options = Options(
        home=person, minutes=minutes, passphrases=passphrase_source(passphrase_file), terminal=_terminal()
    )
    outcome = record(options, teller.tell)
    teller.end(outcome)
    if outcome.problem is not None:
        raise outcome.problem
    if outcome.failed:
        sys.exit(outcome.exit_code)


_WHY: Final = {
    "no_accessible": "the browser does not tell what it shows; restart it (see overt doctor)",
    "no_document": "the page does not tell its address yet",
    "unknown_interface_language": "the browser's interface language is not known (see overt doctor)",
    "indicator_lost": "the border cannot be seen",
    "paused": "you have paused it; press p to go on",
    "bus_dead": "the accessibility bus does not answer (see overt doctor)",
    "timeout": "the browser does not answer",
}


_ENDS: Final = {
    EndReason.STOPPED: "by you, or after the minutes that you set",
    EndReason.WITHDRAWN: "you have withdrawn your consent",
    EndReason.REVOKED: "your organisation has ended your consent",
    EndReason.EXPIRED: "your consent has ended; renew it, if you like: overt consent give",
    EndReason.CHANGED: "what you consented to is no longer what stands; see: overt consent status",
    EndReason.INVALID: "your consent or the organisation's bundle was changed; see: overt consent status",
    EndReason.LAW: "the law of the policy's places permits no recording any more; see: overt policy show",
    EndReason.OUTSIDE_HOURS: "the policy's hours have ended; nothing begins again by itself",
    EndReason.DAILY_CAP: "the policy's minutes of today are used up",
    EndReason.INDICATOR_LOST: "the border could not be seen",
    EndReason.DESKTOP_LOST: "the desktop does not answer",
    EndReason.STORAGE: "the disk refused",
    EndReason.ERROR: "an internal error",
}


def _sweep(person: Home) -> None:
    """Erase what has been kept too long, in a process of its own: what erases can read, and a recorder never can."""
    if not overdue(person, now()).due:
        return
    words = [sys.executable, "-m", "overt", "episodes", "sweep", "--home", str(person.path)]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    sys.stderr.write(done.stdout + done.stderr)
    if done.returncode:
        raise StorageError(
            "what has been kept too long could not be erased, so nothing more is recorded", hint="overt episodes sweep"
        )


def _terminal() -> int | None:
    return sys.stdin.fileno() if at_terminal() else None


def _why(reason: str) -> str:
    return _WHY.get(reason, "no page that you consented to has the focus")


class _LineTeller:
    """One line on the terminal that changes in place, or one line a change where there is no terminal."""

    def __init__(self, *, live: bool) -> None:
        self._live = live
        self._last = ""

    def tell(self, status: Status) -> None:
        where = f"● recording {status.area}" if status.armed else f"○ not recording: {_why(status.why_not)}"
        line = f"{where} · {status.kept} kept · {status.withheld} withheld"
        if line == self._last:
            return
        self._last = line
        if self._live:
            # A longer line would break, and its first half could not be taken back.
            sys.stderr.write(f"\r\x1b[K{line[: shutil.get_terminal_size().columns - 1]}")
        else:
            sys.stderr.write(line + "\n")
        sys.stderr.flush()

    def end(self, outcome: Outcome) -> None:
        if self._live:
            sys.stderr.write("\r\x1b[K")
        click.echo(f"stopped: {outcome.reason.value}: {_ENDS[outcome.reason]}", err=True)
        if outcome.episode_id is None:
            click.echo("nothing was recorded")
            return
        click.echo(f"episode {outcome.episode_id} sealed: {outcome.kept} kept, {outcome.withheld} withheld")
        click.echo("review it: overt episodes show " + outcome.episode_id, err=True)


class _JsonTeller:
    """One JSON object a line: the status whenever it changes, and the outcome last."""

    def __init__(self) -> None:
        self._last: Status | None = None

    def tell(self, status: Status) -> None:
        if status != self._last:
            self._last = status
            self._say(
                event="status",
                armed=status.armed,
                area=status.area,
                why_not=status.why_not,
                kept=status.kept,
                withheld=status.withheld,
            )

    def end(self, outcome: Outcome) -> None:
        self._say(
            event="end",
            reason=outcome.reason.value,
            why=_ENDS[outcome.reason],
            episode=outcome.episode_id,
            kept=outcome.kept,
            withheld=outcome.withheld,
            lost=outcome.lost,
        )

    def _say(self, **facts: object) -> None:
        try:
            click.echo(json.dumps(facts, sort_keys=True))
        except BrokenPipeError:
            if facts["event"] == "end":
                raise
            # Whoever listened is gone: nobody knows any more that this records, so it stops as by Ctrl+C.
            signal.raise_signal(signal.SIGINT)
