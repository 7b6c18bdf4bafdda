"""Tells why this desktop can or cannot be followed: one check for each thing that goes wrong, with its remedy."""

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from overt.errors import DesktopError
from overt.focus.select import require_x11


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at: *detail* says what was found, *remedy* what to do when it is not *ok*."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def diagnose(platform: str = sys.platform, environment: Mapping[str, str] = os.environ) -> list[Check]:
    """Look at this desktop and return the checks in the order in which one needs the other; never raises.

    The list ends at the first check that the rest depends on and that fails. Nothing of any page is read but whether
    it has an address, and nothing is started.
    """
    try:
        require_x11(platform, environment)
    except DesktopError as error:
        return [Check(name="desktop", ok=False, detail=str(error), remedy=error.hint)]
    try:
        from overt.focus._backends._x11_probe import Probe  # noqa: PLC0415 - only a desktop that has it loads it
    except ImportError:
        remedy = "install overt again: pip install overt"
        return [Check(name="desktop", ok=False, detail="the X11 libraries are not installed", remedy=remedy)]
    probe = Probe(environment["DISPLAY"], environment.get("DBUS_SESSION_BUS_ADDRESS"))
    found = asyncio.run(probe.findings())
    session = Check(name="desktop", ok=True, detail="an X11 session")
    return [session, *(Check(name=f.name, ok=f.ok, detail=f.detail, remedy=f.remedy) for f in found)]
