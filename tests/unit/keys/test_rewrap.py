"""Wrapping stored keys anew: for the readers whom signatures state, file by file, and no byte of an episode."""

import hashlib
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from overt.errors import KeyAccessError
from overt.format.age_read import decrypt
from overt.format.age_write import new_identity
from overt.format.note import NoteSigner
from overt.format.section_keys import parse_keys
from overt.keys.bundles import PublicKeys, join, sign_policy
from overt.keys.founding import found_all_in_one
from overt.keys.identities import load_identity, load_signer, signer_vkey
from overt.keys.passphrase import no_passphrase
from overt.keys.recording import load_recording_keys
from overt.keys.rewrap import Rewrapper
from overt.keys.rotate import rotate_identity
from overt.keys.statement import Statement, sign_statement
from overt.ledger.log import verify_ledger
from overt.policy.templates import trial_policy_text
from overt.seal import EpisodeSealer
from overt.store.episodes import EpisodeStore
from overt.store.home import Home, Role, open_home
from overt.subject.consenting import Choice, give
from overt.subject.submitting import approve, submit

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
COUNT = 3


class Trial:
    """A trial's four homes, and a directory to which its person has handed over some episodes."""

    def __init__(self, employee: Home, sent: Path) -> None:
        self.employee = employee
        self.sent = sent

    def home(self, role: Role) -> Home:
        return open_home(self.employee.path.parent, role)

    def rotate(self, role: Role) -> None:
        """Give *role* a new key, and tell everybody of it as the guide says."""
        rotate_identity(self.home(role), no_passphrase, NOON)
        if role is Role.EMPLOYEE:
            submit(self.employee, self.sent, EpisodeStore(self.employee.episodes_directory).list())
        else:
            self.sign()

    def sign(self) -> None:
        keys = PublicKeys.of_homes(officer=self.home(Role.OFFICER), vault=self.home(Role.VAULT))
        note = sign_policy(self.home(Role.ADMIN), trial_policy_text(), keys, no_passphrase)
        for role in (Role.OFFICER, Role.EMPLOYEE):
            join(self.home(role), note, signer_vkey(self.home(Role.ADMIN)))

    def rewrap(self, role: Role, directory: Path | None = None) -> list[tuple[tuple[str, ...], str]]:
        rewrapper = Rewrapper(self.home(role), directory, no_passphrase, NOON)
        return [(each.sections, each.reason) for each in rewrapper.run(rewrapper.ids())]

    def opens(self, role: Role, section: str) -> list[bool]:
        """Say of each handed-over episode whether the *present* key of *role* opens the outer layer of *section*."""
        identity = load_identity(self.home(role), no_passphrase)
        return [opens(path, section, identity) for path in sorted(self.sent.glob("*.keys"))]


def opens(keys: Path, section: str, identity: str) -> bool:
    try:
        return bool(decrypt(parse_keys(keys.read_bytes())[section], [identity]))
    except KeyAccessError:
        return False


def record(home: Home) -> str:
    keys = load_recording_keys(home, no_passphrase, NOON)
    sealer, opening = EpisodeSealer.begin(
        grant=keys.grant.id,
        policy_sha256=keys.policy_sha256,
        trial=keys.trial,
        device=keys.device,
        roles=keys.roles,
        vault_recipient=keys.vault_recipient,
    )
    store = EpisodeStore(home.episodes_directory)
    store.put_keys(opening.episode_id, opening.keys)
    store.put(opening.episode_id, opening.first + sealer.close(reason="stopped"))
    return opening.episode_id


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    employee = found_all_in_one(tmp_path / "trial")
    choice = Choice(sites=("wikipedia",), signals=("text",), purposes=("model_training",), days=30)
    give(employee, choice, no_passphrase, NOON)
    ids = [record(employee) for _ in range(COUNT)]
    approve(employee, ids, no_passphrase, NOON)
    submit(employee, tmp_path / "sent", ids)
    return Trial(employee, tmp_path / "sent")


def fingerprints(directory: Path, suffix: str) -> dict[str, tuple[str, int]]:
    return {
        path.name: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in directory.glob(f"*{suffix}")
    }


@pytest.mark.parametrize(("role", "sections"), [(Role.ADMIN, "mc"), (Role.OFFICER, "m"), (Role.EMPLOYEE, "mc")])
def test_a_new_key_opens_old_episodes_once_the_exporter_has_wrapped_them(
    trial: Trial, role: Role, sections: str
) -> None:
    trial.rotate(role)
    before = [trial.opens(role, section) for section in sections]

    done = trial.rewrap(Role.ADMIN, trial.sent)

    assert before == [[False] * COUNT] * len(sections)
    assert done == [(("m", "c"), "")] * COUNT
    assert [trial.opens(role, section) for section in sections] == [[True] * COUNT] * len(sections)


def test_the_auditor_still_opens_no_content(trial: Trial) -> None:
    trial.rotate(Role.OFFICER)
    trial.rewrap(Role.ADMIN, trial.sent)

    assert trial.opens(Role.OFFICER, "c") == [False] * COUNT


def test_no_byte_of_an_episode_is_ever_written(trial: Trial) -> None:
    trial.rotate(Role.ADMIN)
    before = fingerprints(trial.sent, ".ep")
    keys = fingerprints(trial.sent, ".keys")

    trial.rewrap(Role.ADMIN, trial.sent)

    assert fingerprints(trial.sent, ".ep") == before
    after = fingerprints(trial.sent, ".keys")
    assert all(after[name] != keys[name] for name in keys)


def test_a_person_wraps_their_own_episodes_in_their_own_home(trial: Trial) -> None:
    trial.rotate(Role.EMPLOYEE)
    before = fingerprints(trial.employee.episodes_directory, ".ep")

    done = trial.rewrap(Role.EMPLOYEE)

    assert done == [(("m", "c"), "")] * COUNT
    assert fingerprints(trial.employee.episodes_directory, ".ep") == before
    own = load_identity(trial.employee, no_passphrase)
    assert all(opens(path, "c", own) for path in trial.employee.episodes_directory.glob("*.keys"))


def test_an_auditor_wraps_metadata_and_leaves_content_to_the_exporter(trial: Trial) -> None:
    trial.rotate(Role.OFFICER)
    content = [parse_keys(path.read_bytes())["c"] for path in sorted(trial.sent.glob("*.keys"))]

    done = trial.rewrap(Role.OFFICER, trial.sent)

    assert done == [(("m",), "this key opens none of them")] * COUNT
    assert trial.opens(Role.OFFICER, "m") == [True] * COUNT
    assert [parse_keys(path.read_bytes())["c"] for path in sorted(trial.sent.glob("*.keys"))] == content


def test_a_second_call_writes_nothing_until_a_reader_changes(trial: Trial) -> None:
    trial.rewrap(Role.ADMIN, trial.sent)
    before = fingerprints(trial.sent, ".keys")

    again = trial.rewrap(Role.ADMIN, trial.sent)

    assert again == [((), "")] * COUNT
    assert fingerprints(trial.sent, ".keys") == before
    trial.rotate(Role.OFFICER)
    assert trial.rewrap(Role.ADMIN, trial.sent) == [(("m", "c"), "")] * COUNT


def test_every_file_that_was_written_is_in_the_log(trial: Trial) -> None:
    trial.rewrap(Role.ADMIN, trial.sent)

    admin = trial.home(Role.ADMIN)
    logged = {
        str(entry["id"]): entry["sha256"]
        for entry in verify_ledger(admin.log_directory, signer_vkey(admin)).entries
        if entry["type"] == "rewrap"
    }
    assert logged == {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in trial.sent.glob("*.keys")}


def test_a_kill_between_any_two_episodes_leaves_whole_files_and_the_next_call_goes_on(trial: Trial) -> None:
    trial.rotate(Role.EMPLOYEE)

    for done in range(COUNT):
        child = os.fork()
        if child == 0:
            try:
                rewrapper = Rewrapper(trial.home(Role.ADMIN), trial.sent, no_passphrase, NOON)
                for number, _ in enumerate(rewrapper.run(rewrapper.ids())):
                    if number == done:
                        os.kill(os.getpid(), signal.SIGKILL)
            finally:
                os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        assert sum(trial.opens(Role.EMPLOYEE, "c")) >= done + 1
        assert trial.opens(Role.ADMIN, "c") == [True] * COUNT

    trial.rewrap(Role.ADMIN, trial.sent)
    assert trial.opens(Role.EMPLOYEE, "c") == [True] * COUNT


def test_keys_that_open_for_nobody_here_are_skipped_with_a_reason(trial: Trial, tmp_path: Path) -> None:
    stranger = found_all_in_one(tmp_path / "another")
    rewrapper = Rewrapper(open_home(stranger.path.parent, Role.ADMIN), trial.sent, no_passphrase, NOON)
    before = fingerprints(trial.sent, ".keys")

    done = list(rewrapper.run(rewrapper.ids()))

    assert {each.reason for each in done} == {"no identity of this home opens it"}
    assert fingerprints(trial.sent, ".keys") == before


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda sent: next(sent.glob("people/*")).unlink(), "no statement of its person's key"),
        (lambda sent: next(sent.glob("grants/*")).unlink(), "no grant beside it"),
        (lambda sent: [path.unlink() for path in sent.glob("*.keys")], "no .keys file"),
        (lambda sent: [path.write_bytes(b"no tar") for path in sent.glob("*.keys")], "malformed"),
        (lambda sent: [path.write_bytes(path.read_bytes()[:700]) for path in sent.glob("*.ep")], ""),
    ],
)
def test_what_is_missing_or_malformed_is_skipped_and_nothing_is_written(
    trial: Trial, change: Callable[[Path], object], reason: str
) -> None:
    change(trial.sent)
    before = fingerprints(trial.sent, ".keys")

    done = trial.rewrap(Role.ADMIN, trial.sent)

    assert [sections for sections, _ in done] == [()] * COUNT
    assert all(said and reason in said for _, said in done), done
    assert fingerprints(trial.sent, ".keys") == before


def test_a_stranger_cannot_put_their_own_key_in_the_place_of_the_persons(trial: Trial) -> None:
    stranger = NoteSigner.generate("device-stranger")
    forged = Statement(epoch=9, recipient=new_identity().recipient, role="employee")
    place = next(trial.sent.glob("people/*"))
    place.write_text(sign_statement(forged, stranger))

    done = trial.rewrap(Role.ADMIN, trial.sent)

    assert {sections for sections, _ in done} == {()}
    assert all("not signed by the employee" in reason for _, reason in done)


def test_a_statement_of_an_earlier_epoch_is_refused_once_a_later_one_was_seen(trial: Trial) -> None:
    place = next(trial.sent.glob("people/*"))
    first = place.read_bytes()
    trial.rotate(Role.EMPLOYEE)
    trial.rewrap(Role.ADMIN, trial.sent)
    before = fingerprints(trial.sent, ".keys")
    place.write_bytes(first)

    done = trial.rewrap(Role.ADMIN, trial.sent)

    assert all("(epoch 1) is not the newest, 2" in reason for _, reason in done)
    assert fingerprints(trial.sent, ".keys") == before


def test_another_roles_statement_does_not_stand_for_the_persons(trial: Trial) -> None:
    device = load_signer(trial.employee, no_passphrase)
    swapped = Statement(epoch=2, recipient=new_identity().recipient, role="auditor")
    next(trial.sent.glob("people/*")).write_text(sign_statement(swapped, device))

    done = trial.rewrap(Role.ADMIN, trial.sent)

    assert all("in the place of the employee's" in reason for _, reason in done)


def test_an_exporter_wraps_for_their_own_new_key_before_the_bundle_says_so(trial: Trial) -> None:
    rotate_identity(trial.home(Role.ADMIN), no_passphrase, NOON)

    trial.rewrap(Role.ADMIN, trial.sent)

    assert trial.opens(Role.ADMIN, "c") == [True] * COUNT


@pytest.mark.parametrize(("role", "said"), [(Role.VAULT, "opens no .keys file"), (Role.OFFICER, "holds no episodes")])
def test_a_home_with_nothing_to_wrap_says_so(trial: Trial, role: Role, said: str) -> None:
    with pytest.raises(KeyAccessError, match=said):
        trial.rewrap(role)
