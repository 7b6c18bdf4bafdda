"""From a person's home to a training set: real seals and approvals, and every way of being turned away."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import click
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from overt.cli.export import command
from overt.consent.deletion import DeletionRequest
from overt.dataset.eligible import Eligible, Skip, SkipReason
from overt.dataset.source import Source, permitted_purpose
from overt.errors import ConsentError, KeyAccessError, PolicyError, UsageError
from overt.events.redacted import EndFacts, SessionFacts
from overt.keys.consent_files import load_grants
from overt.keys.deletions import keep_request
from overt.keys.exchange.request import Reader, Wish
from overt.keys.founding import found_all_in_one
from overt.keys.passphrase import no_passphrase
from overt.keys.put import DirectoryIntake
from overt.keys.recording import load_recording_keys
from overt.keys.rotated import Keyring
from overt.keys.share_source import open_source
from overt.keys.vault_contract import SealedShares
from overt.ledger.log import read_entries
from overt.policy.jurisdictions.known import PROFILES
from overt.policy.purposes import Prohibition, Purpose
from overt.seal import EpisodeSealer
from overt.store.episodes import EpisodeStore
from overt.store.home import Home, Role, open_home
from overt.subject.consenting import Choice, give
from overt.subject.submitting import approve, submit
from overt.subject.withdrawing import withdraw

GIVEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = GIVEN + timedelta(hours=1)


def record(home: Home, content: list[Any], **changes: Any) -> str:
    """Seal *content* as the recorder does, and keep it in *home*."""
    keys = load_recording_keys(home, no_passphrase, LATER)
    sessions = changes.pop("sessions", 1)
    sealer, opening = EpisodeSealer.begin(
        grant=keys.grant.id,
        policy_sha256=keys.policy_sha256,
        trial=changes.pop("outer_trial", keys.trial),
        device=keys.device,
        roles=keys.roles,
        vault_recipient=keys.vault_recipient,
    )
    facts = SessionFacts.model_validate(
        {
            "recorder_version": "1",
            "redactor_version": "1",
            "grant": keys.grant.id,
            "notice_sha256": keys.notice_sha256,
            "policy_sha256": keys.policy_sha256,
            "purposes": tuple(keys.grant.scope.purposes),
            "signals": tuple(keys.grant.scope.signals),
            "trial": keys.trial,
            "started_on": "2026-03-02",
            "os_family": "linux",
            **changes,
        }
    )
    sealed = SealedShares(
        grant_id=keys.grant.id, grant=keys.grant_note, episode_id=opening.episode_id, shares=opening.shares
    )
    DirectoryIntake(keys.shares_directory).put(sealed)
    store = EpisodeStore(home.episodes_directory)
    store.put_keys(opening.episode_id, opening.keys)
    with store.create(opening.episode_id, opening.first) as file:
        file.append(sealer.flush(meta=[facts] * sessions, content=content))
        file.append(sealer.close(reason="stopped", meta=[EndFacts(at_ms=9_000, armed_ms=9_000, reason="stopped")]))
    return opening.episode_id


@pytest.fixture
def trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A trial with consent for training alone, and a directory for submissions."""
    monkeypatch.setattr("overt.cli.export.now", lambda: LATER)
    employee = found_all_in_one(tmp_path / "home")
    choice = Choice(
        sites=("google", "wikipedia"),
        signals=("clicks", "scrolls", "text", "screenshots"),
        purposes=("model_training",),
        days=10,
    )
    give(employee, choice, no_passphrase, GIVEN)
    return SimpleNamespace(
        root=tmp_path / "home",
        employee=employee,
        admin=open_home(tmp_path / "home", Role.ADMIN),
        submitted=tmp_path / "submitted",
        out=tmp_path / "out",
    )


def hand_over(trial: SimpleNamespace, *episodes: str) -> None:
    approve(trial.employee, list(episodes), no_passphrase, LATER)
    assert all(each.submitted for each in submit(trial.employee, trial.submitted, list(episodes)))


def judged(trial: SimpleNamespace, episode_id: str, **changes: Any) -> Eligible | Skip:
    options = {"purpose": Purpose.MODEL_TRAINING, "at": LATER, **changes}
    keyring = Keyring(trial.admin, no_passphrase)
    wish = Wish(role=Reader.EXPORTER, purpose=options["purpose"], reason="a test")
    shares = open_source(trial.admin, wish, keyring, no_passphrase, options["at"], ())
    return Source(trial.admin, trial.submitted, shares=shares, keyring=keyring, **options).judge(episode_id)


def reason(trial: SimpleNamespace, episode_id: str, **changes: Any) -> SkipReason:
    verdict = judged(trial, episode_id, **changes)
    assert isinstance(verdict, Skip)
    return verdict.reason


def releases(trial: SimpleNamespace) -> list[Any]:
    """The sections that the vault has released, as its log says."""
    vault = open_home(trial.root, Role.VAULT)
    vkey = (vault.keys_directory / "vault-log.pub").read_text().strip()
    if not vault.log_directory.exists():
        return []
    return [entry["section"] for entry in read_entries(vault.log_directory, vkey) if entry.get("type") == "release"]


def run(trial: SimpleNamespace, *arguments: str) -> Any:
    usual = ["--home", str(trial.root), "--from", str(trial.submitted), "--out", str(trial.out)]
    return CliRunner().invoke(command, ["--purpose", "model_training", *usual, *arguments])


def test_what_was_approved_and_submitted_is_exported(
    story: Any, trial: SimpleNamespace, load: Callable[..., Any]
) -> None:
    episode_id = record(trial.employee, story.search())
    hand_over(trial, episode_id)

    result = run(trial, "--format", "parquet", "--format", "agentnet", "--json")

    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["episodes"] == {"offered": 1, "exported": 1}
    assert told["trial"] is True
    steps = load(str(trial.out), split="train")
    assert set(steps["episode_id"]) == {episode_id}
    assert all(steps["trial"])
    assert steps[2]["action"]["text"] == "it's <image> [EMAIL]"


def test_a_second_command_changes_nothing(story: Any, trial: SimpleNamespace) -> None:
    hand_over(trial, record(trial.employee, story.search()))
    run(trial)

    again = run(trial, "--json")

    assert json.loads(again.stdout)["unchanged"] is True


def test_the_vault_logs_each_release_before_anything_is_read(story: Any, trial: SimpleNamespace) -> None:
    episode_id = record(trial.employee, story.search())
    hand_over(trial, episode_id)

    verdict = judged(trial, episode_id)
    before = releases(trial)
    assert isinstance(verdict, Eligible)
    list(verdict.content())

    assert (before, releases(trial)) == (["m"], ["m", "c"])


def test_an_episode_without_its_approval_is_skipped(story: Any, trial: SimpleNamespace) -> None:
    episode_id = record(trial.employee, story.search())
    hand_over(trial, episode_id)
    (trial.submitted / f"{episode_id}.approval.note").unlink()

    assert reason(trial, episode_id) is SkipReason.NOT_APPROVED


def test_an_approval_of_another_episode_counts_for_nothing(story: Any, trial: SimpleNamespace) -> None:
    one, two = record(trial.employee, story.search()), record(trial.employee, story.search())
    hand_over(trial, one, two)
    notes = [trial.submitted / f"{episode_id}.approval.note" for episode_id in (one, two)]
    notes[0].write_bytes(notes[1].read_bytes())

    assert reason(trial, one) is SkipReason.NOT_APPROVED


def test_an_approval_that_was_changed_counts_for_nothing(story: Any, trial: SimpleNamespace) -> None:
    episode_id = record(trial.employee, story.search())
    hand_over(trial, episode_id)
    note = trial.submitted / f"{episode_id}.approval.note"
    note.write_text(note.read_text().replace("2026-03-02", "2026-03-03"))

    assert reason(trial, episode_id) is SkipReason.NOT_APPROVED


def test_another_purpose_than_the_granted_one_is_skipped(story: Any, trial: SimpleNamespace) -> None:
    episode_id = record(trial.employee, story.search())
    hand_over(trial, episode_id)

    assert reason(trial, episode_id, purpose=Purpose.RESEARCH) is SkipReason.PURPOSE_NOT_GRANTED
    assert releases(trial) == []


def test_what_was_withdrawn_is_skipped(story: Any, trial: SimpleNamespace) -> None:
    episode_id = record(trial.employee, story.search())
    hand_over(trial, episode_id)
    withdraw(trial.employee, LATER)

    assert reason(trial, episode_id) is SkipReason.WITHDRAWN


def test_a_share_that_vanishes_between_judging_and_reading_is_a_wrong_key(story: Any, trial: SimpleNamespace) -> None:
    episode_id = record(trial.employee, story.search())
    hand_over(trial, episode_id)
    verdict = judged(trial, episode_id)
    assert isinstance(verdict, Eligible)
    withdraw(trial.employee, LATER)

    with pytest.raises(KeyAccessError):
        verdict.content()


@pytest.mark.parametrize(("at", "why"), [(-1, SkipReason.DAMAGED), (2_000, SkipReason.INVALID)])
def test_changed_bytes_are_skipped(story: Any, trial: SimpleNamespace, at: int, why: SkipReason) -> None:
    episode_id = record(trial.employee, story.search())
    hand_over(trial, episode_id)
    file = trial.submitted / f"{episode_id}.ep"
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)

    assert reason(trial, episode_id) is why


def test_cut_bytes_are_not_what_was_approved(story: Any, trial: SimpleNamespace) -> None:
    """Cut at the end of a flush, an episode is sound but less than was approved."""
    episode_id = record(trial.employee, story.search())
    hand_over(trial, episode_id)
    file = trial.submitted / f"{episode_id}.ep"
    data = file.read_bytes()
    closing = data.rindex(b"close.json")
    file.write_bytes(data[:closing])

    assert reason(trial, episode_id) is SkipReason.NOT_APPROVED


def test_an_episode_without_its_keys_is_damaged(story: Any, trial: SimpleNamespace) -> None:
    episode_id = record(trial.employee, story.search())
    hand_over(trial, episode_id)
    (trial.submitted / f"{episode_id}.keys").unlink()

    assert reason(trial, episode_id) is SkipReason.DAMAGED


def test_the_keys_of_another_episode_do_not_open_it(story: Any, trial: SimpleNamespace) -> None:
    one, two = record(trial.employee, story.search()), record(trial.employee, story.search())
    hand_over(trial, one, two)
    (trial.submitted / f"{one}.keys").write_bytes((trial.submitted / f"{two}.keys").read_bytes())

    assert reason(trial, one) is SkipReason.WRONG_KEY


def test_an_episode_under_another_name_is_skipped(story: Any, trial: SimpleNamespace) -> None:
    episode_id = record(trial.employee, story.search())
    hand_over(trial, episode_id)
    for suffix in (".ep", ".keys", ".approval.note"):
        (trial.submitted / f"{episode_id}{suffix}").rename(trial.submitted / f"{'0' * 32}{suffix}")

    assert reason(trial, "0" * 32) is SkipReason.NOT_APPROVED


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"grant": "0" * 32}, SkipReason.INVALID),
        ({"policy_sha256": "0" * 64}, SkipReason.INVALID),
        ({"notice_sha256": "0" * 64}, SkipReason.INVALID),
        ({"trial": False}, SkipReason.INVALID),
        ({"synthetic": True}, SkipReason.INVALID),
        ({"started_on": "yesterday"}, SkipReason.INVALID),
        ({"started_on": "2026-03-01"}, SkipReason.NO_GRANT),
        ({"started_on": "2026-03-13"}, SkipReason.NO_GRANT),
        ({"purposes": ("research",)}, SkipReason.PURPOSE_NOT_GRANTED),
        ({"outer_trial": False}, SkipReason.NOT_TRIAL),
        ({"signals": ("moves", "text")}, SkipReason.INVALID),
        ({"sessions": 2}, SkipReason.DAMAGED),
        ({"sessions": 0}, SkipReason.DAMAGED),
    ],
)
def test_what_it_says_inside_must_fit_its_grant(
    story: Any, trial: SimpleNamespace, changes: dict[str, Any], why: SkipReason
) -> None:
    episode_id = record(trial.employee, story.search(), **changes)
    hand_over(trial, episode_id)

    assert reason(trial, episode_id) is why


def test_a_trial_episode_never_joins_a_real_export(
    story: Any, trial: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    episode_id = record(trial.employee, story.search())
    hand_over(trial, episode_id)
    monkeypatch.setattr("overt.dataset.source.is_trial", lambda _home: False)

    assert reason(trial, episode_id) is SkipReason.TRIAL


def test_what_was_recorded_under_a_trial_grant_never_joins_a_real_export(
    story: Any, trial: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    episode_id = record(trial.employee, story.search(), outer_trial=False, trial=False)
    hand_over(trial, episode_id)
    monkeypatch.setattr("overt.dataset.source.is_trial", lambda _home: False)

    assert reason(trial, episode_id) is SkipReason.TRIAL


def test_what_is_older_than_was_promised_is_skipped(story: Any, trial: SimpleNamespace) -> None:
    episode_id = record(trial.employee, story.search())
    hand_over(trial, episode_id)

    assert reason(trial, episode_id, at=GIVEN + timedelta(days=400)) is SkipReason.RETENTION_OVER


def test_what_the_law_of_the_place_ends_sooner_than_was_promised_is_skipped(
    story: Any, trial: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    episode_id = record(trial.employee, story.search())
    hand_over(trial, episode_id)
    union = PROFILES["EU"]
    strict = replace(union, rules=replace(union.rules, retention_days=5))
    monkeypatch.setattr("overt.dataset.source.PROFILES", {**PROFILES, "EU": strict})

    early, late = (judged(trial, episode_id, at=GIVEN + timedelta(days=days)) for days in (4, 5))

    assert isinstance(early, Eligible)
    assert isinstance(late, Skip)
    assert late.reason is SkipReason.RETENTION_OVER


def test_nothing_is_exported_where_the_law_is_not_known(
    trial: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("overt.dataset.source.PROFILES", {})

    with pytest.raises(PolicyError, match="nothing may be recorded under this policy"):
        judged(trial, "0" * 32)


@pytest.mark.parametrize(("days", "over"), [(29, False), (30, True)])
def test_the_promise_for_this_very_purpose_counts_and_on_its_last_day_it_is_over(
    story: Any, trial: SimpleNamespace, days: int, over: bool
) -> None:
    """A person promised 30 days for training; what else was promised for longer keeps nothing in an export."""
    episode_id = record(trial.employee, story.search())
    hand_over(trial, episode_id)

    verdict = judged(trial, episode_id, at=GIVEN + timedelta(days=days))

    assert (isinstance(verdict, Skip) and verdict.reason is SkipReason.RETENTION_OVER) is over


def test_a_request_to_delete_stops_every_later_export(story: Any, trial: SimpleNamespace) -> None:
    one, two = record(trial.employee, story.search()), record(trial.employee, story.search())
    hand_over(trial, one, two)
    handle = load_grants(trial.employee)[0].parties.deletion_handle

    gone = keep_request(trial.submitted, DeletionRequest(handles=(handle,)))
    copy_back(trial, one)

    assert set(gone.episodes) == {one, two}
    assert reason(trial, one) is SkipReason.WITHDRAWN


def copy_back(trial: SimpleNamespace, episode_id: str) -> None:
    """Do as a restored backup does."""
    assert all(each.submitted for each in submit(trial.employee, trial.submitted, [episode_id]))


def test_a_request_of_somebody_else_deletes_nothing(story: Any, trial: SimpleNamespace) -> None:
    episode_id = record(trial.employee, story.search())
    hand_over(trial, episode_id)

    gone = keep_request(trial.submitted, DeletionRequest(handles=("0" * 32,)))

    assert gone.episodes == ()
    assert isinstance(judged(trial, episode_id), Eligible)


def test_what_was_given_to_another_organisation_is_skipped(
    story: Any, trial: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    episode_id = record(trial.employee, story.search())
    hand_over(trial, episode_id)
    monkeypatch.setattr("overt.dataset.source.controller_key", lambda _home: "another+key")

    assert reason(trial, episode_id) is SkipReason.OTHER_CONTROLLER


@pytest.mark.parametrize("named", [True, False])
def test_what_is_given_away_was_agreed_to_over_the_policy_that_names_to_whom(
    story: Any, trial: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    """An older grant may know nothing of the recipient; for use in the house it still counts."""
    episode_id = record(trial.employee, story.search())
    hand_over(trial, episode_id)
    keyring = Keyring(trial.admin, no_passphrase)
    wish = Wish(role=Reader.EXPORTER, purpose=Purpose.MODEL_TRAINING, reason="a test")
    shares = open_source(trial.admin, wish, keyring, no_passphrase, LATER, ())
    source = Source(
        trial.admin, trial.submitted, shares=shares, keyring=keyring, purpose=Purpose.MODEL_TRAINING, at=LATER
    )
    if not named:
        monkeypatch.setattr(source, "_policy", "0" * 64)

    in_house = source.to_give_away(away=False).judge(episode_id)
    away = source.to_give_away(away=True).judge(episode_id)

    assert isinstance(in_house, Eligible)
    assert isinstance(away, Eligible) == named
    assert named or getattr(away, "reason", None) is SkipReason.RECIPIENT_NOT_GRANTED


def test_no_purpose_that_can_be_granted_is_one_that_can_be_prohibited() -> None:
    assert {*Purpose} & {*Prohibition} == set()


@pytest.mark.parametrize("use", list(Prohibition))
def test_a_prohibited_purpose_is_refused(trial: SimpleNamespace, use: Prohibition) -> None:
    with pytest.raises(PolicyError, match="prohibited"):
        permitted_purpose(trial.admin, use.value)


def test_a_purpose_that_nobody_offers_is_refused(trial: SimpleNamespace) -> None:
    with pytest.raises(PolicyError, match="does not offer"):
        permitted_purpose(trial.admin, "fun")


def test_nothing_to_export_ends_with_its_own_error_and_no_directory(trial: SimpleNamespace) -> None:
    trial.submitted.mkdir(mode=0o700)

    result = run(trial)

    assert isinstance(result.exception, ConsentError)
    assert not trial.out.exists()


def test_a_missing_directory_of_submissions_is_named(trial: SimpleNamespace) -> None:
    result = run(trial)

    assert isinstance(result.exception, UsageError)
    assert "--from" in result.exception.hint


def test_skips_are_rows_of_the_output(story: Any, trial: SimpleNamespace) -> None:
    good, bad = record(trial.employee, story.search()), record(trial.employee, story.search(), started_on="2026-03-01")
    hand_over(trial, good, bad)

    result = run(trial, "--json")

    assert json.loads(result.stdout)["skipped"] == [{"episode": bad, "reason": "no_grant"}]


def test_gaps_are_let_out_only_on_request(story: Any, trial: SimpleNamespace) -> None:
    hand_over(trial, record(trial.employee, story.search()))
    run(trial, "--gaps")

    (file,) = (trial.out / "data").glob("steps-*.parquet")

    assert set(pq.read_table(file)["gap_bucket"].to_pylist()) == {-1, 0, 1}


@pytest.mark.usefixtures("without_pyarrow")
def test_without_pyarrow_the_extra_is_named(story: Any, trial: SimpleNamespace) -> None:
    hand_over(trial, record(trial.employee, story.search()))

    result = run(trial)

    assert getattr(result.exception, "exit_code", None) == 10
    assert "overt[export]" in getattr(result.exception, "hint", "")
    assert not trial.out.exists()


@pytest.mark.usefixtures("without_pyarrow")
def test_agentnet_needs_no_pyarrow(story: Any, trial: SimpleNamespace) -> None:
    hand_over(trial, record(trial.employee, story.search()))

    result = run(trial, "--format", "agentnet")

    assert result.exit_code == 0, result.exception


@pytest.fixture
def without_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("overt.dataset.arrow", "overt.dataset.schema", "overt.dataset.parquet"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)


def test_the_help_ends_in_an_example() -> None:
    text = command.get_help(click.Context(command, info_name="overt export"))

    assert "overt export --purpose" in text.rstrip().rpartition("\n\n")[2]
