"""Consent and policy end in the middle of a real recording: what is off, what is kept, and what the person is told.

One browser on one desktop serves all of them. Beside each recorder runs nothing but the person who types on.
"""

import json
import random
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from overt.demo.browser import Chromium
from overt.demo.canary import Canary, plant
from overt.demo.desktop import PrivateDesktop
from overt.demo.person import Person
from overt.demo.search import search_records, search_tree
from overt.demo.site import LocalSite
from overt.demo.tool import Recording, Tool
from overt.errors import DesktopError
from overt.policy.templates import trial_policy_text

pytestmark = pytest.mark.desktop

GOOGLE = "https://www.google.com/"
RESULTS = "https://www.google.com/search"
GIVE = ("consent", "give", "--site", "google", "--signal", "text", "--purpose", "model_training", "--yes")
WITHIN_S = 3.0
"""A second is promised, and an idle machine needs half of it; a loaded one must not make this test flicker."""

DAYS = '["mon", "tue", "wed", "thu", "fri", "sat", "sun"]'
UNTIL_SIX = f'\n[[schedule]]\ndays = {DAYS}\nbegin = "00:00"\nend = "18:00"\n'
LEFT_S = 6
"""What is left of the day where its minutes are about to be used up."""

CLOCKED = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from overt.cli.app import main
from overt.recorder import run
ahead = Path(sys.argv.pop(1))
def wall():
    return datetime.now(UTC) + timedelta(hours=float(ahead.read_text()) if ahead.exists() else 0)
run._wall = wall
main()
"""
"""The recorder with a wall clock that a file sets ahead."""


@dataclass
class Scene:
    """A trial on the shared desktop, in which it is noon, and the recorders that are at work in it."""

    tool: Tool
    ahead: Path
    policy: str

    @property
    def employee(self) -> Path:
        return self.tool.home / "employee"

    @contextmanager
    def recording(self, used_s: float) -> Iterator[Recording]:
        """Give consent anew and record; whatever becomes of the test, the recorder ends."""
        self.ahead.unlink(missing_ok=True)
        used = {"day": datetime.now(UTC).date().isoformat(), "armed_ns": int(used_s * 1e9)}
        (self.employee / "today.json").write_text(json.dumps(used))
        (self.employee / "today.json").chmod(0o600)
        self.tool.run(*GIVE)
        words = [sys.executable, "-c", CLOCKED, str(self.ahead), "record", "--json"]
        recording = Recording(self.tool, words, self.tool.env, self.tool.user)
        try:
            recording.wait_armed()
            yield recording
        finally:
            recording.kill()

    def set_ahead(self, hours: float) -> None:
        new = self.ahead.with_suffix(".new")
        new.write_text(str(hours))
        new.rename(self.ahead)

    def sign(self, policy: str) -> None:
        """Let the admin sign another *policy*, and the employee join it."""
        if policy == self.policy:
            return
        self.policy = policy
        file, bundle = self.tool.user / "policy.toml", self.tool.user / "bundle.note"
        file.write_text(policy)
        bundle.unlink(missing_ok=True)
        signed = self.tool.run("policy", "sign", str(file), "--out", str(bundle), "--json").json()
        self.tool.run("join", str(bundle), "--admin-key", signed["admin"], "--home", str(self.employee))

    def shown(self, episode: str) -> dict[str, Any]:
        return dict(self.tool.run("episodes", "show", episode, "--json").json())


@pytest.fixture(scope="module")
def scene(desktop: PrivateDesktop, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Return a trial on a machine whose own clock shows noon."""
    place = tmp_path_factory.mktemp("faults")
    tool = Tool(place / "home", place / "work", desktop.env)
    tool.env["TZ"] = f"NOON{datetime.now(UTC).hour - 12:+d}"
    tool.run("init", "--all-in-one")
    return Scene(tool=tool, ahead=place / "ahead", policy=trial_policy_text())


@pytest.fixture(scope="module")
def chromium(desktop: PrivateDesktop, site: LocalSite) -> Iterator[Chromium]:
    """Return one browser for the whole module."""
    made = Chromium(desktop, site)
    made.open(GOOGLE)
    yield made
    made.close()


def expires(scene: Scene) -> None:
    scene.set_ahead(400 * 24)


def is_withdrawn(scene: Scene) -> None:
    scene.tool.run("consent", "withdraw", "--yes")


def is_revoked(scene: Scene) -> None:
    receipt, ended = (scene.tool.user / f"{secrets.token_hex(4)}.{kind}" for kind in ("json", "note"))
    scene.tool.run("consent", "receipt", "--out", str(receipt))
    scene.tool.run("consent", "revoke", str(receipt), "--out", str(ended))
    scene.tool.run("consent", "accept", str(ended))


def has_another_policy(scene: Scene) -> None:
    scene.sign(scene.policy.replace("cohort_floor = 50", "cohort_floor = 51"))


def loses_its_signature(scene: Scene) -> None:
    newest = max((scene.employee / "consent" / "grants").glob("*.note"), key=lambda each: each.stat().st_mtime_ns)
    whole = newest.read_bytes()
    newest.write_bytes(whole[:-5] + bytes([whole[-5] ^ 1]) + whole[-4:])
    # A moment later it is whole again: what has ended once stays so, and the next scene needs it.
    time.sleep(0.8)
    newest.write_bytes(whole)


def uses_up_its_day(scene: Scene) -> None:
    """Nothing but time has to pass."""
    del scene
    time.sleep(LEFT_S - 1)


def comes_to_the_end_of_its_hours(scene: Scene) -> None:
    scene.set_ahead(7)


@dataclass(frozen=True)
class Fault:
    """What happens under which policy, and how the recorder has to end and say so."""

    happens: Callable[[Scene], None]
    reason: str
    code: int
    why: str
    policy: str = trial_policy_text()
    used_s: float = 0
    """How long was recorded on this day before."""


FAULTS = [
    Fault(expires, "expired", 4, "has ended"),
    Fault(is_withdrawn, "withdrawn", 4, "have withdrawn"),
    Fault(is_revoked, "revoked", 4, "organisation has ended"),
    Fault(loses_its_signature, "invalid", 4, "was changed"),
    Fault(has_another_policy, "changed", 4, "no longer what stands"),
    Fault(comes_to_the_end_of_its_hours, "outside_hours", 0, "hours have ended", trial_policy_text() + UNTIL_SIX),
    Fault(uses_up_its_day, "daily_cap", 0, "used up", used_s=120 * 60 - LEFT_S),
]


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.happens.__name__ for fault in FAULTS])
def test_what_happens_to_consent_in_the_middle_of_a_recording_ends_it_and_is_told(
    scene: Scene, chromium: Chromium, person: Person, fault: Fault
) -> None:
    committed, held, late = (plant(act, random.Random(f"{fault.reason} {act}")) for act in ("was", "held", "late"))
    scene.sign(fault.policy)
    go_to_google(chromium, person)
    with scene.recording(fault.used_s) as recording:
        person.click_on("q")
        person.type(committed.text, 0.01)
        with person.arriving(RESULTS):
            person.press("enter")
        person.click_on("q")
        person.type(held.text, 0.01)
        time.sleep(1.0)

        fault.happens(scene)
        began = time.monotonic()
        code = type_until_it_ends(person, recording, late if fault.code else None)
        took = time.monotonic() - began
        person.type(late.text, 0.005)
        told = json.loads(recording.stop().out.strip().splitlines()[-1])

    assert (code, told["reason"]) == (fault.code, fault.reason)
    assert fault.why in told["why"]
    assert took < WITHIN_S
    kept = kept_of(scene, told["episode"], fault.reason)
    assert found(kept, committed) == (fault.reason != "withdrawn"), "what was sealed stays, unless it is destroyed"
    assert found(kept, held) == (fault.code == 0), "what was held is thrown away when consent has ended"
    assert not found(kept, late)
    assert search_tree(scene.tool.home, [held, late]).findings == []
    assert search_tree(scene.tool.temporary, [committed, held, late]).findings == []


def go_to_google(chromium: Chromium, person: Person) -> None:
    """Begin on the page, and in another browser if this one has stopped listening to keys, as it would for good."""
    try:
        person.go(GOOGLE)
    except DesktopError:
        chromium.close()
        chromium.open(GOOGLE)
        person.go(GOOGLE)


def type_until_it_ends(person: Person, recording: Recording, canary: Canary | None) -> int | None:
    """Go on typing *canary*, letter by letter, until the recorder has ended, and return its exit code."""
    for letter in (canary.text if canary else "") * 20:
        ended_with = recording.wait(0.05)
        if ended_with is not None:
            return ended_with
        person.type(letter, 0)
    return recording.wait(10)


def kept_of(scene: Scene, episode: str, reason: str) -> list[dict[str, Any]]:
    """Return what was kept; a withdrawal leaves nothing to look at, and every other end a closed episode."""
    if reason == "withdrawn":
        assert list((scene.employee / "episodes").glob(f"{episode}*")) == []
        return []
    shown = scene.shown(episode)
    (end,) = [record for record in shown["metadata"] if record["kind"] == "end"]
    assert (shown["state"], end["reason"]) == ("closed", reason)
    if reason == "daily_cap":
        assert LEFT_S <= end["armed_ms"] / 1000 + 0.1 < LEFT_S + WITHIN_S
    return list(shown["events"])


def found(kept: list[dict[str, Any]], canary: Canary) -> bool:
    """Say whether any run of *canary*'s letters is in what was kept."""
    return bool(search_records(kept, [canary], "the episode").findings)
