"""An audit as a whole: what it says of an honest store, what it never says, and what it remembers."""

import json
import os
import random
import shutil
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from overt.audit import pooling
from overt.audit.remembering import NAME
from overt.errors import OvertError, PolicyError, UsageError
from overt.keys.rotated import Keyring
from overt.ledger.receipt import find_ends, make_receipt

Audited = Callable[[], Any]


def correct(what: str, *, new: bool = False) -> str:
    del what, new
    return "correct"


def test_an_honest_store_has_no_finding_and_says_what_it_could_not_see(audited: Audited) -> None:
    row = audited().audit().row()

    assert (row["findings"], row["verdict"]) == ([], "no-finding")
    counted = {name: row[name] for name in ("episodes", "devices", "grants", "exports", "reads", "remembered")}
    assert counted == {"episodes": 3, "devices": 2, "grants": 2, "exports": 1, "reads": 2, "remembered": 0}
    assert [each["origin"] for each in row["logs"]] == ["admin-01", "device-0a", "device-0b", "vault-01"]
    assert {(each["check"], each["reason"], each["count"]) for each in row["skips"]} == {
        ("for whom keys are wrapped", "anonymous-recipients", 3), ("gaps and losses", "metadata-sealed", 3),
        ("indicator", "metadata-sealed", 3), ("notice at the time", "metadata-sealed", 3),
        ("purposes at the time", "metadata-sealed", 3),
        ("redaction rules", "metadata-sealed", 3), ("sealed for the officer", "locked", 3),
        ("signals in use", "metadata-sealed", 3), ("sites in use", "metadata-sealed", 3),
    }  # fmt: skip


def test_with_the_officers_key_it_is_seen_that_metadata_is_sealed_for_the_officer(audited: Audited) -> None:
    desk = audited()

    row = desk.audit(keyring=Keyring(desk.home, correct)).row()

    assert row["findings"] == []
    assert "locked" not in {each["reason"] for each in row["skips"]}


def test_without_any_public_file_but_what_was_handed_over_all_else_is_a_skip(audited: Audited) -> None:
    desk = audited()
    store = desk.write()
    for name, person in desk.scene.people.items():
        ends = find_ends(store / "logs" / name, person.device.vkey)
        for each in desk.scene.episodes.values():
            if each.episode_id in ends:
                proof = make_receipt(store / "logs" / name, person.device.vkey, ends[each.episode_id])
                (store / f"{each.episode_id}.tlog-proof").write_text(proof)
    for name in ("logs", "exports", "requests", "shares"):
        shutil.rmtree(store / name)

    row = desk.audit().row()

    assert row["findings"] == []
    skips = {(each["check"], each["reason"]) for each in row["skips"]}
    assert skips >= {
        ("against the log", "no-log"), ("consent at the instant", "day-sealed"), ("exports", "no-exports"),
        ("reads", "no-log"),
    }  # fmt: skip


def test_without_a_log_a_receipt_must_be_there_and_be_of_this_end(audited: Audited) -> None:
    desk = audited()
    store = desk.write()
    one, two, three = (desk.scene.id_of(name) for name in ("one", "two", "three"))
    log, device = store / "logs" / "ada", desk.scene.people["ada"].device
    of_two = make_receipt(log, device.vkey, find_ends(log, device.vkey)[two])
    (store / f"{one}.tlog-proof").write_text(of_two)
    (store / f"{two}.tlog-proof").write_text(of_two.replace("index ", "index 1"))
    shutil.rmtree(store / "logs")

    assert desk.found() == {("receipt-mismatch", one), ("receipt-mismatch", two), ("receipt-missing", three)}


def test_a_file_that_the_officer_may_not_read_is_a_finding_and_ends_nothing(audited: Audited) -> None:
    desk = audited()
    path = desk.write() / f"{desk.scene.id_of('one')}.ep"
    path.unlink()
    path.mkdir()

    assert desk.found() == {("unreadable-file", desk.scene.id_of("one"))}


def test_no_answer_holds_content_or_the_hours_of_anybody(audited: Audited, template: Any) -> None:
    """The end of the honest episode says that it lasted ten hours, of which half an hour was a pause."""
    desk = audited()
    scene = desk.scene
    scene.people["bob"].log[:] = [each for each in scene.people["bob"].log if "2026-10" not in str(each.get("day"))]
    scene.people["ada"].log.append({"type": "withdraw", "grant": scene.people["ada"].grant.id})
    (desk.write() / f"{scene.id_of('three')}.keys").unlink()

    report = desk.audit()

    said = json.dumps(report.row())
    assert {each.code for each in report.findings} == {"taken-back", "silence", "keys-missing"}
    assert "canary" not in said
    days = [str(entry["day"]) for person in template.people.values() for entry in person.log if "day" in entry]
    assert [day for day in days if day in said] == []
    assert [word for word in ("36000000", "34200000", "at_ms", "armed", "pause") if word in said] == []


def test_a_store_is_audited_from_a_read_only_copy_and_nothing_is_written_into_it(audited: Audited) -> None:
    desk = audited()
    store = desk.write()
    before = {path: (path.read_bytes() if path.is_file() else b"") for path in store.rglob("*")}
    for path in [store, *before]:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & 0o555)

    findings = desk.found()

    after = {path: (path.read_bytes() if path.is_file() else b"") for path in store.rglob("*")}
    for path in [store, *before]:
        path.chmod(0o700)
    assert findings == set()
    assert after == before


def test_the_same_bytes_are_not_proven_twice_and_the_answer_is_the_same(
    audited: Audited, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = audited()
    first = desk.audit().row()
    proved: list[bytes] = []
    monkeypatch.setattr("overt.audit.proving._proof", lambda data, _: proved.append(data))

    second = desk.audit().row()

    assert proved == []
    assert (first.pop("remembered"), second.pop("remembered")) == (0, 3)
    assert first == second


def test_changed_bytes_are_found_whatever_is_remembered_of_the_file(audited: Audited) -> None:
    """Size and time of the file are those of before."""
    desk = audited()
    path = desk.write() / f"{desk.scene.id_of('one')}.ep"
    desk.audit()
    times = path.stat()
    data = bytearray(path.read_bytes())
    data[-700] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    assert desk.found() == {("damaged-tail", desk.scene.id_of("one"))}


def test_in_full_everything_is_proven_anew(audited: Audited) -> None:
    desk = audited()
    desk.audit()

    assert desk.audit(full=True).counts.remembered == 0
    assert desk.audit().counts.remembered == 3


@pytest.mark.parametrize(
    "harm", [lambda path: path.write_bytes(b"junk" * 4096), lambda path: os.truncate(path, 100)], ids=["junk", "cut"]
)
def test_a_memory_that_cannot_be_read_is_a_memory_of_nothing(audited: Audited, harm: Callable[[Path], None]) -> None:
    desk = audited()
    desk.audit()
    harm(desk.home.path / "audit" / NAME)

    report = desk.audit()

    assert (report.findings, report.counts.remembered) == ((), 0)
    assert desk.audit().counts.remembered == 3


def test_processes_beside_this_one_find_the_same(audited: Audited, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = audited()
    (desk.write() / f"{desk.scene.id_of('one')}.keys").unlink()
    alone = desk.audit().row()
    monkeypatch.setattr("overt.audit.running.ALONE", 0)

    spread = desk.audit(workers=2, full=True).row()
    again = desk.audit(workers=2).row()

    assert pooling.ALONE > 0
    assert [each.pop("remembered") for each in (alone, spread, again)] == [0, 0, 3]
    assert alone == spread == again


def test_what_is_asked_wrongly_is_refused(audited: Audited, tmp_path: Path) -> None:
    desk = audited()
    desk.write()
    desk.written, desk.store = True, tmp_path / "nowhere"
    with pytest.raises(UsageError):
        desk.audit()
    desk.store = tmp_path / "desk-0" / "store"
    with pytest.raises(UsageError, match="no checkpoint"):
        desk.audit(seen=("rubbish",))
    (desk.home.path / "bundle.note").unlink()
    with pytest.raises(PolicyError):
        desk.audit()


def test_a_checkpoint_that_somebody_kept_convicts_a_log_that_the_officer_never_saw(audited: Audited) -> None:
    desk = audited()
    store = desk.write()
    seen = (store / "logs" / "ada" / "witnessed").read_text()
    shutil.rmtree(desk.home.path / "witnessed")
    shutil.rmtree(store / "logs" / "ada")
    person = desk.scene.people["ada"]
    desk.scene.write_log(store, "ada", person.device, person.log[:-1])

    assert desk.found(seen=(seen,)) == {("log-rolled-back", "device-0a")}
    shutil.rmtree(store / "logs" / "ada")
    assert desk.found(seen=(seen,)) == {("log-missing", "device-0a")}


def test_a_device_that_the_officer_names_counts(audited: Audited) -> None:
    desk = audited()
    store = desk.write()
    for name in ("countersignatures", "logs"):
        shutil.rmtree(store / name)
    shutil.rmtree(desk.home.path / "witnessed")
    keys = frozenset(person.device.vkey for person in desk.scene.people.values())

    without = {code for code, _ in desk.found()}
    named = {code for code, _ in desk.found(devices=keys)}

    assert without == {"device-uncertified"}
    assert named == {"receipt-missing"}


def test_a_log_that_the_officer_knows_under_another_key_counts_for_nothing(audited: Audited) -> None:
    desk = audited()
    desk.write()
    place = next(path for path in (desk.home.path / "witnessed").iterdir() if '"log":"device-0a+' in path.read_text())
    other = desk.scene.people["bob"].device.vkey.partition("+")[2]
    vkey = desk.scene.people["ada"].device.vkey
    assert other
    from overt.format.note import NoteSigner  # noqa: PLC0415 - here alone

    place.write_text(place.read_text().replace(vkey, NoteSigner.generate("device-0a").vkey))

    assert desk.found() == {("device-uncertified", "device-0a")}


def test_a_year_later_the_store_says_what_has_to_go(audited: Audited) -> None:
    desk = audited()

    codes = {code for code, _ in desk.found(at=desk.audit().at + timedelta(days=120))}

    assert codes >= {"retention-exceeded", "silence"}


def test_every_refusal_is_one_of_ours(audited: Audited) -> None:
    desk = audited()
    desk.write()
    for place in (desk.home.path / "witnessed").iterdir():
        place.write_text("{}")

    with pytest.raises(OvertError, match="damaged"):
        desk.audit()


def test_what_an_earlier_finding_leaves_unjudged_is_a_skip(audited: Audited) -> None:
    """An episode with a broken tail was counted as approved and as kept for no longer than promised."""
    desk = audited()
    path = desk.write() / f"{desk.scene.id_of('one')}.ep"
    path.write_bytes(path.read_bytes()[:-2000])

    skips = {each["check"]: each["count"] for each in desk.audit().row()["skips"] if each["reason"] == "after-finding"}

    assert skips == dict.fromkeys(
        ("against the log", "approval", "consent of the episode", "keys", "retention", "taken back"), 1
    )


def test_without_the_vaults_log_nothing_is_said_of_destroyed_shares(audited: Audited) -> None:
    desk = audited()
    shutil.rmtree(desk.write() / "logs" / "vault")
    for place in (desk.home.path / "witnessed").iterdir():
        if '"log":"vault-' in place.read_text():
            place.unlink()

    row = desk.audit().row()

    assert row["findings"] == []
    assert {each["check"] for each in row["skips"] if each["reason"] == "no-log"} == {"reads", "destroyed shares"}


def one_of_each_kind(store: Path, chance: random.Random) -> list[Path]:
    kinds: dict[tuple[str, ...], list[Path]] = {}
    for path in sorted(each for each in store.rglob("*") if each.is_file()):
        place = path.relative_to(store).parts
        kinds.setdefault((place[0] if len(place) > 1 else "", *place[2:4], path.suffix), []).append(path)
    return [chance.choice(paths) for paths in kinds.values()]


def spoilt(path: Path, how: str, chance: random.Random) -> None:
    if how == "emptied":
        path.write_bytes(b"")
    elif how == "cut":
        os.truncate(path, chance.randrange(path.stat().st_size + 1))
    elif how == "random":
        path.write_bytes(chance.randbytes(300))
    elif how == "removed":
        path.unlink()
    elif how == "a directory":
        path.unlink()
        path.mkdir()
    elif how == "a link to nowhere":
        path.unlink()
        path.symlink_to("nowhere")
    else:
        path.write_bytes(path.read_bytes().replace(b'"', b"\xff", 1))


@pytest.mark.parametrize("how", ["emptied", "cut", "random", "removed", "a directory", "a link to nowhere", "not text"])
def test_whatever_becomes_of_a_file_an_audit_ends_with_a_report(audited: Audited, how: str) -> None:
    """Each kind of file, spoilt in each way; nothing that is spoilt makes a store look better than the honest one."""
    chance = random.Random(how)
    desk = audited()
    store = desk.write()
    for path in one_of_each_kind(store, chance):
        kept = path.read_bytes()

        spoilt(path, how, chance)
        report = desk.audit()

        if path.is_dir():
            path.rmdir()
        path.unlink(missing_ok=True)
        path.write_bytes(kept)
        assert report.counts.episodes >= 2
        assert not report.findings or report.row()["verdict"] == "findings"
    assert desk.found() == set()


def test_what_a_stranger_lays_beside_the_files_is_no_finding_and_no_end(audited: Audited) -> None:
    desk = audited()
    place = desk.write()
    for name in (
        "grants/notes.txt",
        "logs/readme",
        "exports/readme",
        "requests/x",
        "shares/readme",
        ".hidden",
        "x.tmp",
    ):
        (place / name).write_bytes(b"\xff\x00")
    (place / "logs" / "empty").mkdir()

    assert desk.found() == set()
