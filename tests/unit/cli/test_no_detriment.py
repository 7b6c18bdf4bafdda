"""Nobody who could hold it against them can tell who said no: worlds that differ in one person alone, byte for byte."""

import io
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from overt.cli.app import main
from overt.events.redacted import EndFacts, PageEntered, Pressed, SessionFacts, Typed
from overt.keys import at_rest
from overt.keys.put import DirectoryIntake
from overt.keys.recording import load_recording_keys
from overt.keys.vault_contract import SealedShares
from overt.ledger.log import Ledger
from overt.policy.templates import trial_policy_text
from overt.seal import EpisodeSealer
from overt.store.episodes import EpisodeStore
from overt.store.home import Role, open_home

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
GIVE = ("consent", "give", "--site", "google", "--signal", "text", "--purpose", "model_training", "--yes")
OTHERS = ("admin", "officer", "vault", "ann", "post")
"""Everybody and everything but Pat's own home: what any other person, the admin first of all, ever has."""


class Clock(datetime):
    """A clock that everybody reads alike, and that somebody moves on."""

    at = NOON

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        return cls.at.astimezone(tz)


def run(*words: object) -> tuple[int, str, str]:
    """Run a command; return its exit code and what it printed on either stream."""
    out, err = io.StringIO(), io.StringIO()
    sys.argv = ["overt", *map(str, words)]
    code = 0
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, out.getvalue(), err.getvalue()


class World:
    """Homes side by side at one place, in one state of it after the other."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __call__(self, who: str, *words: object) -> str:
        """Run a command in the home of *who*, which succeeds, and return what it printed."""
        code, out, err = run(*words, "--home", self.root / who)
        assert code == 0, (words, err)
        return out

    def post(self, name: str) -> Path:
        return self.root / "post" / name

    def snapshot(self, *places: str) -> dict[str, tuple[int, bytes]]:
        """Return the name, mode and bytes of every file in *places*."""
        paths = [path for place in places for path in sorted((self.root / place).rglob("*"))]
        return {
            str(path.relative_to(self.root)): (path.stat().st_mode, path.read_bytes() if path.is_file() else b"")
            for path in paths
        }


def record(world: World, who: str) -> str:
    """Seal an episode in the home of *who*, as the recorder does."""
    home = open_home(world.root / who, Role.EMPLOYEE)
    keys = load_recording_keys(home, lambda _what, *, new=False: "correct horse"[: 99 + new], Clock.at)
    sealer, opening = EpisodeSealer.begin(
        grant=keys.grant.id, policy_sha256=keys.policy_sha256, trial=keys.trial, device=keys.device, roles=keys.roles,
        vault_recipient=keys.vault_recipient,
    )  # fmt: skip
    sealed = SealedShares(
        grant_id=keys.grant.id, grant=keys.grant_note, episode_id=opening.episode_id, shares=opening.shares
    )
    DirectoryIntake(keys.shares_directory).put(sealed)
    session = SessionFacts(
        recorder_version="0", redactor_version="0", grant=keys.grant.id, notice_sha256=keys.notice_sha256,
        policy_sha256=keys.policy_sha256, purposes=("model_training",), signals=("text",), trial=keys.trial,
        started_on=Clock.at.date().isoformat(), os_family="linux",
    )  # fmt: skip
    entered = PageEntered(
        at_ms=0, visit=1, site="google", area="google/home", url="https://www.google.com/", title="Google",
        query=None, arrived="start",
    )  # fmt: skip
    typed = [Typed(at_ms=100, visit=1, text=f"facts by {who}"), Pressed(at_ms=200, visit=1, keys=("enter",))]
    end = EndFacts(at_ms=300, armed_ms=300, reason="stopped")
    data = opening.first + sealer.flush(meta=[session, end], content=[entered, *typed]) + sealer.close(reason="stopped")
    store = EpisodeStore(home.episodes_directory)
    store.put_keys(opening.episode_id, opening.keys)
    store.put(opening.episode_id, data)
    close = {"type": "episode-close", "id": opening.episode_id, "size": len(data), "root": sealer.root.hex()}
    Ledger(home.log_directory, keys.device).append(close)
    return opening.episode_id


def founded(world: World) -> None:
    """An organisation that Ann and Pat have joined; Ann has consented, recorded, and handed over one episode."""
    for home, role in (*((role, role) for role in OTHERS[:3]), ("ann", "employee"), ("pat", "employee")):
        world(home, "init", "--role", role, *(("--device-key", "passphrase") if role == "employee" else ()))
    for home in ("officer", "vault"):
        world.post(f"{home}.json").write_text(world(home, "keys", "list", "--json"))
    world.post("policy.toml").write_text(trial_policy_text())
    lists = [word for home in ("officer", "vault") for word in ("--keys", world.post(f"{home}.json"))]
    signed = world("admin", "policy", "sign", world.post("policy.toml"), *lists, "--out", world.post("acme"), "--json")
    for home in ("officer", "vault", "ann", "pat"):
        world(home, "join", world.post("acme"), "--admin-key", json.loads(signed)["admin"])
    world("ann", *GIVE)
    record(world, "ann")
    hand_over(world, "ann")


def hand_over(world: World, who: str) -> None:
    world.post("store").mkdir(mode=0o700, exist_ok=True)
    world(who, "shares", "send", world.post("shares"))
    world("vault", "vault", "put", world.post("shares"), "--out", world.post("receipt"))
    world(who, "shares", "confirm", world.post("receipt"))
    world(who, "episodes", "approve", "--all", "--yes")
    world(who, "episodes", "submit", world.post("store"))
    words = ("--role", "exporter", "--purpose", "model_training", "--reason", "a set")
    world("admin", "shares", "request", *words, world.post("store"), "--out", world.post("request"))
    world("vault", "vault", "release", world.post("request"), "--out", world.post("release"))


def never_answers(world: World) -> None:
    del world


def declines(world: World) -> None:
    world("pat", "consent", "decline")


def reads_everything_first(world: World) -> None:
    world("pat", "consent", "notice", "--lang", "de")
    world("pat", "consent", "status")
    world("pat", "consent", "decline")


def consents(world: World) -> None:
    world("pat", *GIVE)


def consents_and_keeps_all(world: World) -> None:
    world("pat", *GIVE)
    record(world, "pat")
    world("pat", "episodes", "approve", "--all", "--yes")


def consents_and_withdraws(world: World) -> None:
    consents_and_keeps_all(world)
    world("pat", "consent", "withdraw")


def leaves(world: World) -> None:
    world("pat", "uninstall", "--yes", "--receipt", world.root / "pats-own-receipt")


def hands_over(world: World) -> None:
    """What does reach the others: so that this test can fail."""
    consents_and_keeps_all(world)
    hand_over(world, "pat")


LIVES = {
    act.__name__: act
    for act in (
        declines, reads_everything_first, consents, consents_and_keeps_all, consents_and_withdraws, leaves,
    )
}  # fmt: skip


def asked_of(world: World) -> dict[str, tuple[int, str, str]]:
    """Let the admin, and the officer and the keeper too, look at everything that Overt shows them."""
    store, releases, out = world.post("store"), world.post("release"), world.root / "admin-out"
    out.mkdir(exist_ok=True)
    export = ("export", "--purpose", "model_training", "--from", store, "--releases", releases)
    orders: dict[str, tuple[object, ...]] = {
        "export": ("admin", *export, "--format", "parquet", "--format", "agentnet", "--out", out / "data", "--json"),
        "revocations": ("admin", "revocations", "write", "--from", store, "--out", out / "revoked.note", "--json"),
        "policy": ("admin", "policy", "show", "--json"),
        "keys": ("admin", "keys", "list", "--json"),
        "the admin's log": ("admin", "log", "show", "--json"),
        "the officer's keys": ("officer", "keys", "list", "--json"),
        "the vault's list": ("vault", "vault", "list", "--json"),
        "the vault's log": ("vault", "log", "show", "--json"),
    }
    said = {name: run(*words, "--home", world.root / str(who)) for name, (who, *words) in orders.items()}
    assert {name for name, (code, _, _) in said.items() if code != 0} <= {"the admin's log"}  # there may be none
    said["verify"] = run("verify", store, "--json")
    said["check"] = run("revocations", "check", out / "data", out / "revoked.note", "--json")
    for path in sorted(store.glob("*.ep")):
        said[f"inspect {path.name}"] = run("inspect", path, "--json")
    return said


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Callable[[World], None]], Any]]:
    """Return what makes the same world again, lets Pat live in it, and returns what the others then see and have."""
    root = tmp_path_factory.mktemp("worlds")
    world, origin = World(root / "world"), root / "origin"
    secret = root / "secret"
    secret.write_text("correct horse\n")
    secret.chmod(0o600)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("OVERT_PASSPHRASE_FILE", str(secret))
        patched.delenv("OVERT_HOME", raising=False)
        patched.setattr(at_rest, "WORK_FACTOR", 2)
        patched.setattr("overt.cli.app.harden", lambda: None)
        patched.setattr("overt.cli.asking.datetime", Clock)
        patched.setattr(sys, "argv", ["overt"])
        (world.root / "post").mkdir(parents=True, mode=0o700)
        world.root.chmod(0o700)
        founded(world)
        shutil.copytree(world.root, origin)

        def live(life: Callable[[World], None]) -> Any:
            shutil.rmtree(world.root)
            shutil.copytree(origin, world.root)
            Clock.at = NOON + timedelta(hours=1)
            life(world)
            Clock.at = NOON + timedelta(hours=2)
            said = asked_of(world)
            return said, world.snapshot(*OTHERS, "admin-out")

        yield live


@pytest.mark.parametrize("life", LIVES)
def test_whether_somebody_said_no_is_nowhere_in_what_others_have(lived: Callable[..., Any], life: str) -> None:
    """No file, no name, no size, no number and no line of any command differs from the world in which Pat is silent."""
    said_before, held_before = lived(never_answers)

    said, held = lived(LIVES[life])

    assert said == said_before
    assert held.keys() == held_before.keys()
    assert [name for name in held if held[name] != held_before[name]] == []


def test_what_is_handed_over_does_show_so_this_test_can_fail(lived: Callable[..., Any]) -> None:
    said_before, held_before = lived(never_answers)

    said, held = lived(hands_over)

    assert said["export"] != said_before["export"]
    stores = [{name for name in each if name.startswith("post/store/")} for each in (held_before, held)]
    assert stores[0] < stores[1]


def test_no_answer_to_the_admin_has_a_place_for_a_person(lived: Callable[..., Any]) -> None:
    """Counts are of everything together: nothing in an answer is sorted by people, and so no score of one can be."""
    said, held = lived(hands_over)

    answers = [json.loads(said[name][1]) for name in ("export", "revocations", "check", "policy", "keys")]
    answers.append(json.loads(held["admin-out/data/MANIFEST.json"][1]))
    assert {key for answer in answers for key in keys_in(answer)} & PERSONS == set()


PERSONS = {
    "contributor",
    "contributors",
    "subject",
    "person",
    "people",
    "employee",
    "device",
    "grants",
    "score",
    "rank",
}


def keys_in(value: Any) -> Iterator[str]:
    """Yield every key in the JSON *value*, however deep."""
    if isinstance(value, dict):
        yield from value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from keys_in(each)
