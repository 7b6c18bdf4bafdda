"""``overt doctor``: can this desktop be recorded safely? Each check with its remedy."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from overt.cli.asking import ends, home_option, json_option, now, opened, say
from overt.errors import DesktopError
from overt.focus.diagnosis import Check
from overt.recorder.readiness import examine, ready
from overt.store.home import Role


@click.command("doctor", epilog=ends("overt doctor", "0 a recording could begin now, 3 something must change"))
@home_option
@json_option
def command(*, home: Path | None, as_json: bool) -> None:
    """Look at everything that a recording needs, and say what to do about what is missing. Nothing is recorded.

    Linux with X11 is supported. Windows, macOS and Wayland are refused: untested on hardware.
    """
    checks = examine(lambda: opened(home, Role.EMPLOYEE), now())
    good = ready(checks)
    say({"ready": good, "checks": [asdict(check) for check in checks]}, _lines(checks), as_json=as_json)
    if not good:
        sys.exit(DesktopError.exit_code)


def _lines(checks: list[Check]) -> list[str]:
    lines = []
    for check in checks:
        lines.append(f"{'✓' if check.ok else '✗'} {check.name:<24} {check.detail}")
        if not check.ok and check.remedy:
            lines.append(f"  {'':<24} → {check.remedy}")
    lines.append("a recording could begin now" if ready(checks) else "not yet: see the lines marked ✗")
    return lines
