"""Four people, four homes that cannot see each other: what passes between them is files, and no share lies in plain."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from overt.cli.app import main
from overt.events.redacted import EndFacts, PageEntered, SessionFacts, Typed
from overt.keys.passphrase import PassphraseSource
from overt.keys.put import DirectoryIntake
from overt.keys.recording import load_recording_keys
from overt.keys.vault_contract import SealedShares
from overt.ledger.log import Ledger
from overt.policy.templates import trial_policy_text
from overt.seal import EpisodeSealer
from overt.store.episodes import EpisodeStore
from overt.store.home import Role, open_home

ROLES = ("admin", "officer", "employee", "vault")
GIVE = ("consent", "give", "--site", "google", "--signal", "text", "--purpose", "model_training", "--yes")
EXPORT = ("export", "--purpose", "model_training")


@dataclass
class Town:
    """Four homes under one roof for the test's sake; each command is told of one of them only."""

    root: Path
    run: Callable[..., tuple[int, str, str]]

    def __call__(self, role: str, *words: object, code: int = 0) -> Any:
        """Run a command in the home of *role*, expect its exit *code*, and return what it says as JSON."""
        ended, out, err = self.run(*words, "--home", self.root / role, "--json")
        assert ended == code, (words, err)
        assert "Traceback" not in err
        assert err.count("overt: error: ") == int(code != 0)
        return json.loads(out) if out else err

    def file(self, name: str) -> Path:
        """Return where a file lies that passes between them."""
        return self.root / "post" / name


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Town:
    secret = tmp_path / "passphrase"
    secret.write_text("correct horse\n")
    secret.chmod(0o600)
    monkeypatch.setenv("OVERT_PASSPHRASE_FILE", str(secret))
    monkeypatch.delenv("OVERT_HOME", raising=False)
    (tmp_path / "post").mkdir(mode=0o700)

    def run(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["overt", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return Town(root=tmp_path, run=run)


@pytest.fixture
def settled(town: Town) -> Town:
    """Four homes, each made with its role's keys, that have joined one organisation; the employee has consented."""
    for role in ROLES:
        town(role, "init", "--role", role, *(("--device-key", "passphrase") if role == "employee" else ()))
    for role in ("officer", "vault"):
        town.file(f"{role}.json").write_text(json.dumps(town(role, "keys", "list")))
    town.file("policy.toml").write_text(trial_policy_text())
    lists = [word for role in ("officer", "vault") for word in ("--keys", town.file(f"{role}.json"))]
    admin = town("admin", "policy", "sign", town.file("policy.toml"), *lists, "--out", town.file("acme.bundle"))
    for role in ("officer", "employee", "vault"):
        town(role, "join", town.file("acme.bundle"), "--admin-key", admin["admin"])
    town("employee", *GIVE)
    return town


def record(town: Town, knows: Callable[[str], PassphraseSource], text: str = "zebra facts") -> str:
    """Seal an episode in the employee's home, as the recorder does, and return its id."""
    home = open_home(town.root / "employee", Role.EMPLOYEE)
    keys = load_recording_keys(home, knows("correct horse"), datetime.now(UTC))
    sealer, opening = EpisodeSealer.begin(
        grant=keys.grant.id,
        policy_sha256=keys.policy_sha256,
        trial=keys.trial,
        device=keys.device,
        roles=keys.roles,
        vault_recipient=keys.vault_recipient,
    )
    DirectoryIntake(keys.shares_directory).put(
        SealedShares(
            grant_id=keys.grant.id, grant=keys.grant_note, episode_id=opening.episode_id, shares=opening.shares
        )
    )
    session = SessionFacts(
        recorder_version="0", redactor_version="0", grant=keys.grant.id, notice_sha256=keys.notice_sha256,
        policy_sha256=keys.policy_sha256, purposes=("model_training",), signals=("text",), trial=keys.trial,
        started_on=datetime.now(UTC).date().isoformat(), os_family="linux",
    )  # fmt: skip
    entered = PageEntered(
        at_ms=0, visit=1, site="google", area="google/home", url="https://www.google.com/", title="Google",
        query=None, arrived="start",
    )  # fmt: skip
    typed = Typed(at_ms=100, visit=1, text=text)
    end = EndFacts(at_ms=300, armed_ms=300, reason="stopped")
    data = opening.first + sealer.flush(meta=[session, end], content=[entered, typed]) + sealer.close(reason="stopped")
    store = EpisodeStore(home.episodes_directory)
    store.put_keys(opening.episode_id, opening.keys)
    store.put(opening.episode_id, data)
    close = {"type": "episode-close", "id": opening.episode_id, "size": len(data), "root": sealer.root.hex()}
    Ledger(home.log_directory, keys.device).append(close)
    return opening.episode_id


def send(town: Town, name: str = "ann") -> None:
    """Let the employee's shares go to the vault, and its receipt come back."""
    town("employee", "shares", "send", town.file(f"{name}.shares"))
    town("vault", "vault", "put", town.file(f"{name}.shares"), "--out", town.file(f"{name}.receipt"))
    town("employee", "shares", "confirm", town.file(f"{name}.receipt"))


def ask(town: Town, role: str, purpose: str, *episodes: object, name: str = "", code: int = 0) -> Path:
    """Ask the vault as *role*, let it answer, and return the answer's place."""
    owner = {"auditor": "officer", "exporter": "admin"}.get(role, role)
    request, answer = town.file(f"{name or role}.request"), town.file(f"{name or role}.release")
    words = ("--role", role, "--purpose", purpose, "--reason", "because I was asked to")
    town(owner, "shares", "request", *words, *episodes, "--out", request)
    town("vault", "vault", "release", request, "--out", answer, code=code)
    return answer


def submitted(town: Town) -> Path:
    """Let the employee approve everything and hand it over, and return the store."""
    store = town.file("store")
    store.mkdir(mode=0o700, exist_ok=True)
    town("employee", "episodes", "approve", "--all", "--yes")
    town("employee", "episodes", "submit", store)
    return store


def everything(place: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file())


def test_from_four_empty_homes_to_a_data_set_and_back(
    settled: Town, knows: Callable[[str], PassphraseSource], tmp_path: Path
) -> None:
    town = settled
    send(town, "hello")  # before the first recording, so that the vault says where shares go
    first, second = record(town, knows), record(town, knows)
    send(town)
    assert town("vault", "vault", "list")["grants"][0]["episodes"] == sorted((first, second))

    shown = town("employee", "episodes", "show", first, "--releases", ask(town, "employee", "review", first))
    store = submitted(town)
    releases = ask(town, "exporter", "model_training", store)
    exported = town("admin", *EXPORT, "--from", store, "--releases", releases, "--out", tmp_path / "data")
    withdrawn = town("employee", "consent", "withdraw", "--yes")
    notes = sorted((tmp_path / "employee/consent/withdrawals").iterdir())
    destroyed = town("vault", "vault", "shred", *notes)
    request = town.file("exporter.request")
    again = town("vault", "vault", "release", request, "--out", town.file("again"), code=6)
    unlinked = town("admin", "vault", "shred", "--store", store, *notes)
    refused = town("admin", *EXPORT, "--from", store, "--releases", releases, "--out", tmp_path / "more", code=4)

    assert [event["kind"] for event in shown["events"]] == ["page_entered", "type"]
    assert exported["episodes"] == {"offered": 2, "exported": 2}
    assert withdrawn["episodes_removed"] == 2
    assert str(tmp_path / "employee/consent/withdrawals") in withdrawn["still_to_do"][0]
    assert (destroyed["shares"], destroyed["epoch"]) == (4, 2)
    assert "destroyed" in again
    assert unlinked["unlinked"] == sorted((first, second))
    assert "no episode may be exported" in refused
    assert not (tmp_path / "more").exists()
    assert not list(store.glob("*.ep"))
    assert not town.file("again").exists()


def test_no_home_is_told_of_another(settled: Town, knows: Callable[[str], PassphraseSource]) -> None:
    """Nothing in a home, and nothing that passes between them, names the place of another home."""
    record(settled, knows)
    send(settled)
    ask(settled, "exporter", "model_training", submitted(settled))

    for role in ROLES:
        held = everything(settled.root / role)
        assert not [other for other in ROLES if other != role and str(settled.root / other).encode() in held]
        assert json.loads((settled.root / role / "home.json").read_text())["vault"] is None
    assert str(settled.root).encode() not in everything(settled.root / "post")


def test_no_home_holds_what_its_role_may_not_have(settled: Town, knows: Callable[[str], PassphraseSource]) -> None:
    episode = record(settled, knows, "a secret of mine")
    send(settled)
    store = submitted(settled)
    ask(settled, "employee", "review", episode)
    ask(settled, "auditor", "audit", store)
    ask(settled, "exporter", "model_training", store)
    secrets = {role: {path.name for path in (settled.root / role / "keys").glob("*.age")} for role in ROLES}

    assert secrets == {
        "admin": {"admin.age", "exporter.age"},
        "officer": {"auditor.age", "witness.age"},
        "employee": {"device.age", "employee.age"},
        "vault": {"vault.age", "vault-log.age"},
    }
    for place in (*ROLES, "post"):
        held = everything(settled.root / place)
        assert b"a secret of mine" not in held
        assert b"AGE-SECRET-KEY" not in held
    assert not list((settled.root / "employee/shares").glob("*/*.?.age"))
    assert not [place for place in ("admin", "officer", "employee") if list((settled.root / place).rglob("*.c.age"))]


def test_an_auditor_is_given_metadata_and_no_content(settled: Town, knows: Callable[[str], PassphraseSource]) -> None:
    record(settled, knows)
    send(settled)

    release = ask(settled, "auditor", "audit", submitted(settled))

    assert b".m.proof" in release.read_bytes()
    assert b".c.proof" not in release.read_bytes()


def test_a_damaged_episode_in_the_store_hides_no_other(settled: Town, knows: Callable[[str], PassphraseSource]) -> None:
    bad, good = record(settled, knows), record(settled, knows)
    send(settled)
    store = submitted(settled)
    (store / f"{bad}.ep").write_bytes(b"damaged")
    words = ("--role", "auditor", "--purpose", "audit", "--reason", "a sample", store)

    asked = settled("officer", "shares", "request", *words, "--out", settled.file("audit.request"))

    assert asked["episodes"] == [good]


def test_a_withdrawal_reaches_a_vault_that_never_heard_of_the_grant(
    settled: Town, knows: Callable[[str], PassphraseSource]
) -> None:
    record(settled, knows)
    settled("employee", "shares", "send", settled.file("late.shares"))
    settled("employee", "consent", "withdraw", "--yes")
    notes = sorted((settled.root / "employee/consent/withdrawals").iterdir())
    settled("vault", "vault", "shred", *notes)

    words = ("vault", "put", settled.file("late.shares"), "--out", settled.file("late.receipt"))
    settled("vault", *words, code=1)

    (held,) = settled("vault", "vault", "list")["grants"]
    assert (held["withdrawn"], held["settled"], held["episodes"]) == (True, True, [])


def test_an_erased_episode_is_gone_everywhere_and_the_others_stay(
    settled: Town, knows: Callable[[str], PassphraseSource], tmp_path: Path
) -> None:
    send(settled, "hello")
    gone, kept = record(settled, knows), record(settled, knows)
    send(settled)
    store = submitted(settled)
    (erased,) = settled("employee", "episodes", "erase", gone, "--yes")["erased"]
    order = Path(erased["order"])

    settled("vault", "vault", "shred", order)
    releases = ask(settled, "exporter", "model_training", store, code=1)
    settled("admin", "vault", "shred", "--store", store, order)
    exported = settled("admin", *EXPORT, "--from", store, "--releases", releases, "--out", tmp_path / "data")

    assert [path.stem for path in store.glob("*.ep")] == [kept]
    assert exported["episodes"] == {"offered": 1, "exported": 1}
    (held,) = settled("vault", "vault", "list")["grants"]
    assert (held["episodes"], held["erased"], held["settled"]) == ([kept], [gone], True)


def test_shares_on_their_way_outlive_a_new_master(settled: Town, knows: Callable[[str], PassphraseSource]) -> None:
    """Everybody's withdrawal gives the vault a new master: what others had not sent yet was lost with the old one."""
    send(settled, "hello")
    episode = record(settled, knows)

    settled("vault", "keys", "rotate")
    settled("vault", "keys", "rotate")
    send(settled)

    shown = settled("employee", "episodes", "show", episode, "--releases", ask(settled, "employee", "review", episode))
    assert [event["kind"] for event in shown["events"]] == ["page_entered", "type"]


def test_shares_from_before_the_first_greeting_say_that_their_master_is_gone(
    settled: Town, knows: Callable[[str], PassphraseSource]
) -> None:
    episode = record(settled, knows)
    settled("vault", "keys", "rotate")
    settled("employee", "shares", "send", settled.file("late.shares"))

    words = ("vault", "put", settled.file("late.shares"), "--out", settled.file("late.receipt"))
    settled("vault", *words, code=1)
    settled("employee", "shares", "confirm", settled.file("late.receipt"), code=1)

    assert list((settled.root / "employee/shares").glob(f"*/{episode}.c.age"))
