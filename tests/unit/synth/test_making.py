"""A synthetic organisation: whole, resumable, verified and exported like any other, and never mixed with people's."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from overt.cli.export import command
from overt.dataset.eligible import Eligible, Skip, SkipReason
from overt.dataset.source import Source
from overt.errors import HomeError, StorageError, UsageError
from overt.events.redacted import RedactedFrame, SessionFacts
from overt.keys.device import device_vkey
from overt.keys.exchange.request import Reader, Wish
from overt.keys.founding import found_all_in_one
from overt.keys.passphrase import no_passphrase
from overt.keys.rotated import Keyring
from overt.keys.share_source import open_source
from overt.ledger.log import read_entries
from overt.policy.purposes import Purpose
from overt.store.episodes import EpisodeStore
from overt.store.home import Role, open_home
from overt.store.lock import locked
from overt.subject.reviewing import review
from overt.synth.making import Made
from overt.synth.organisation import JOURNAL, MARKER, Organisation
from overt.synth.session import Plan
from overt.trajectory.action import Action, Kind
from overt.verify import State, TrustDevice, verify_episode

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PLAN = Plan(seed=3, episodes=3, contributors=2, frames=True)


def organisation(made: Made) -> Organisation:
    return Organisation(root=made.root, day=made.day)


def ids(made: Made) -> dict[int, str]:
    return organisation(made).made()


def judged(made: Made) -> list[Eligible | Skip]:
    admin = open_home(made.root, Role.ADMIN)
    keyring = Keyring(admin, no_passphrase)
    wish = Wish(role=Reader.EXPORTER, purpose=Purpose.MODEL_TRAINING, reason="a test")
    shares = open_source(admin, wish, keyring, no_passphrase, AT, ())
    source = Source(admin, made.submitted, shares=shares, keyring=keyring, purpose=Purpose.MODEL_TRAINING, at=AT)
    return [source.judge(each) for each in source.ids()]


@pytest.fixture
def exported(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what ``overt export`` says of the whole organisation, and the rows of its steps."""
    monkeypatch.setattr("overt.cli.export.now", lambda: AT)
    words = ("--home", made.root, "--purpose", "model_training", "--out", tmp_path / "out", "--json")
    done = CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=False)
    (file,) = (tmp_path / "out/data").glob("steps-*.parquet")
    return json.loads(done.stdout), pq.read_table(file).to_pylist()


def test_every_episode_is_closed_signed_by_its_person_and_a_trial(made: Made) -> None:
    for index, episode_id in ids(made).items():
        home = organisation(made).home_of(PLAN.person_of(index))
        data = EpisodeStore(made.submitted).read(episode_id)
        verdict = verify_episode(data, trust=TrustDevice(device_vkey(home)))

        assert (verdict.state, verdict.trial, verdict.end_reason) == (State.CLOSED, True, "stopped")
        assert data == EpisodeStore(home.episodes_directory).read(episode_id)


def test_review_shows_the_records_of_the_session_and_no_others(made: Made) -> None:
    for index, episode_id in ids(made).items():
        opened = review(organisation(made).home_of(PLAN.person_of(index)), episode_id, no_passphrase, AT)

        assert tuple(opened.content) == PLAN.session(index).records
        assert all(record.synthetic for record in opened.metadata)
        facts = [record for record in opened.metadata if isinstance(record, SessionFacts)]
        assert [each.started_on for each in facts] == ["2026-03-02"]


def test_what_is_exported_is_what_was_done_and_says_that_it_is_synthetic(made: Made, exported: Any) -> None:
    told_of, rows = exported

    assert (told_of["episodes"]["exported"], told_of["synthetic"], set(told_of["judges"])) == (3, True, {"rules"})
    assert all(row["synthetic"] for row in rows)
    for index, episode_id in ids(made).items():
        steps = [row for row in rows if row["episode_id"] == episode_id and row["action"]["kind"] != Kind.TERMINATE]
        assert [shown(row) for row in steps] == [told(act) for act in as_one(PLAN.session(index).acts)]


def as_one(acts: tuple[Action, ...]) -> list[Action]:
    """What was typed into one field and then mended is one action, of the mended text."""
    kept: list[Action] = []
    for act in acts:
        again = kept and {act.kind, kept[-1].kind} == {Kind.TYPE} and act.target and act.target == kept[-1].target
        kept[-1 if again else len(kept) :] = [act]
    return kept


def shown(row: dict[str, Any]) -> dict[str, Any]:
    target = row["target"]
    return row["action"] | {"target": target and (target["role"], target["name"], tuple(target["box"]))}


def told(act: Action) -> dict[str, Any]:
    values = {name: getattr(act, name) for name in Action.__slots__ if name != "target"}
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
    target = act.target
    return plain | {"target": target and (target.role, target.name, target.box)}


def test_pictures_are_exported_with_their_actions(exported: Any) -> None:
    told_of, rows = exported

    pictures = {row["image_sha256"] for row in rows} - {None}
    sealed = [record for index in range(3) for record in PLAN.session(index).records]
    assert pictures
    assert pictures <= {record.event.sha256 for record in sealed if isinstance(record, RedactedFrame)}
    assert told_of["frames_left_out"] == {}


def test_a_real_export_skips_every_synthetic_episode(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overt.dataset.source.is_trial", lambda _home: False)

    assert {each.reason for each in judged(made) if isinstance(each, Skip)} == {SkipReason.TRIAL}
    assert not any(isinstance(each, Eligible) for each in judged(made))


def test_each_log_tells_of_each_episode_from_its_opening_to_its_submission(made: Made) -> None:
    for person in range(2):
        home = organisation(made).home_of(person)
        entries = read_entries(home.log_directory, device_vkey(home))
        own = [episode_id for index, episode_id in ids(made).items() if PLAN.person_of(index) == person]

        for episode_id in own:
            acts = [entry["type"] for entry in entries if entry.get("id") == episode_id]
            assert acts == ["episode-open", "episode-close", "approve", "submit"]


def test_asking_again_changes_nothing(maker: Callable[..., Made], made: Made) -> None:
    before = {path: path.read_bytes() for path in made.root.rglob("*.ep")}

    again = maker(made.root, PLAN, at=AT + timedelta(days=3))

    assert (again.new, again.day) == (0, made.day)
    assert {path: path.read_bytes() for path in made.root.rglob("*.ep")} == before


def test_asking_for_more_makes_the_rest(maker: Callable[..., Made], tmp_path: Path) -> None:
    first = maker(tmp_path / "out", Plan(seed=1, episodes=1))

    second = maker(tmp_path / "out", Plan(seed=1, episodes=3))

    assert (first.new, second.new) == (1, 2)
    assert len(EpisodeStore(second.submitted).list()) == 3
    assert sorted(ids(second)) == [0, 1, 2]


@pytest.mark.parametrize("other", [{"seed": 4}, {"contributors": 1}, {"frames": False}])
def test_another_plan_needs_another_place(maker: Callable[..., Made], made: Made, other: dict[str, Any]) -> None:
    plan = Plan(**{"seed": 3, "episodes": 3, "contributors": 2, "frames": True, **other})

    with pytest.raises(UsageError, match="another plan"):
        maker(made.root, plan)


def test_nothing_is_ever_made_in_a_place_that_holds_something_else(maker: Callable[..., Made], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o700)
    (tmp_path / "out/precious").write_text("mine")

    with pytest.raises(HomeError):
        maker(tmp_path / "out", Plan(seed=1, episodes=1))

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["precious"]


def test_a_trial_of_a_person_is_something_else(maker: Callable[..., Made], tmp_path: Path) -> None:
    found_all_in_one(tmp_path / "out")

    with pytest.raises(HomeError):
        maker(tmp_path / "out", Plan(seed=1, episodes=1))


STEPS = {
    "before anything is kept": "overt.keys.put.DirectoryIntake.put",
    "before the keys are kept": "overt.store.episodes.EpisodeStore.put_keys",
    "before the episode is kept": "overt.store.episodes.EpisodeStore.put",
    "before it is logged": "overt.synth.making._Worker._log_ends",
}


@contextmanager
def killed_at(where: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(where, die)
        with pytest.raises(KeyboardInterrupt):
            yield


@pytest.mark.parametrize("where", STEPS.values(), ids=STEPS)
def test_what_is_interrupted_goes_on_where_it_stopped(
    maker: Callable[..., Made], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    root = tmp_path / "out"
    maker(root, Plan(seed=1, episodes=1))
    with killed_at(where, monkeypatch):
        maker(root, Plan(seed=1, episodes=2))

    made = maker(root, Plan(seed=1, episodes=2))

    home = organisation(made).home_of(0)
    store = EpisodeStore(home.episodes_directory)
    assert sorted(store.list()) == sorted(store.list_keys()) == sorted(ids(made).values())
    assert sorted(EpisodeStore(made.submitted).list()) == store.list()
    shares = {path.name.partition(".")[0] for path in home.shares_directory.rglob("*.age")}
    assert shares == set(store.list())
    assert all(isinstance(each, Eligible) for each in judged(made))
    entries = read_entries(home.log_directory, device_vkey(home))
    assert sum(entry["type"] == "episode-close" for entry in entries) == 2


def test_an_interrupted_founding_leaves_nothing(
    maker: Callable[..., Made], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with killed_at("overt.synth.organisation._found_person", monkeypatch):
        maker(tmp_path / "out", Plan(seed=1, episodes=2, contributors=2))

    assert list(tmp_path.iterdir()) == []


def test_a_line_of_the_journal_that_was_cut_off_counts_for_nothing(maker: Callable[..., Made], tmp_path: Path) -> None:
    made = maker(tmp_path / "out", Plan(seed=1, episodes=1))
    with (made.root / JOURNAL).open("a") as journal:
        journal.write('{"index": 1, "epi')

    again = maker(tmp_path / "out", Plan(seed=1, episodes=2))

    assert sorted(ids(again)) == [0, 1]


def test_a_journal_that_was_changed_is_refused(maker: Callable[..., Made], tmp_path: Path) -> None:
    made = maker(tmp_path / "out", Plan(seed=1, episodes=1))
    (made.root / JOURNAL).write_text("[]\n")

    with pytest.raises(StorageError, match="was changed"):
        maker(tmp_path / "out", Plan(seed=1, episodes=2))


def test_two_do_not_make_at_once(maker: Callable[..., Made], made: Made) -> None:
    with locked(made.root), pytest.raises(StorageError, match="being made"):
        maker(made.root, PLAN)


def test_the_organisation_says_what_it_is(made: Made) -> None:
    home = organisation(made).home_of(1)
    (grant,) = (note.read_text() for note in home.grants_directory.glob("*.note"))

    assert json.loads((made.root / MARKER).read_text())["format"] == "overt-synthetic/1"
    assert "nobody was recorded" in grant
    assert home.trial


def test_the_work_is_counted(maker: Callable[..., Made], tmp_path: Path) -> None:
    seen: list[SimpleNamespace] = []

    maker(
        tmp_path / "out",
        Plan(seed=1, episodes=3, contributors=2),
        progress=lambda done, total: seen.append(SimpleNamespace(done=done, total=total)),
    )

    assert [each.done for each in seen if each.total == 5][-1] == 5
    assert [each.done for each in seen] == sorted(each.done for each in seen)
