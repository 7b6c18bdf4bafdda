"""A dry run tells what an export would do, by the same gates, and does nothing: no key, no share, no log, no file."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from overt.dataset.dry_run import UNSEEN, Unasked, foresee, unasked
from overt.dataset.eligible import Foreseen, Skip, SkipReason
from overt.errors import ConsentError, KeyAccessError, PolicyError
from overt.keys.founding import found_all_in_one
from overt.store.home import Home, Role, open_home


@dataclass
class Looking:
    """Sees what it is told to see: each episode's person, or why not."""

    seen: dict[str, str | SkipReason]

    def __call__(self, episode_id: str) -> Foreseen | Skip:
        seen = self.seen[episode_id]
        if isinstance(seen, SkipReason):
            return Skip(episode_id=episode_id, reason=seen)
        return Foreseen(episode_id=episode_id, contributor_key=seen)


def test_each_episode_would_be_exported_or_skipped_with_its_reason() -> None:
    looking = Looking({"a": "ann", "b": SkipReason.NOT_APPROVED, "c": "bob"})

    seen = foresee("abc", looking, "model_training", 2)

    assert seen.would == ("a", "c")
    assert [(skip.episode_id, skip.reason) for skip in seen.skips] == [("b", SkipReason.NOT_APPROVED)]
    assert seen.refusal is None


def test_too_few_people_would_be_refused_as_an_export_refuses_them() -> None:
    seen = foresee("ab", Looking({"a": "ann", "b": "ann"}), "model_training", 2)

    assert isinstance(seen.refusal, PolicyError)
    assert "fewer than 2 people" in str(seen.refusal)


def test_where_nothing_is_left_it_says_why_as_an_export_says_it() -> None:
    seen = foresee("a", Looking({"a": SkipReason.WITHDRAWN}), "model_training", 0)

    assert isinstance(seen.refusal, ConsentError)
    assert str(seen.refusal) == "no episode may be exported for model_training: 1 withdrawn"


def test_a_dry_run_never_gets_a_share(tmp_path: Path) -> None:
    with pytest.raises(KeyAccessError, match="asks for no share"):
        Unasked(directory=tmp_path).share("ab" * 16, "cd" * 16, "m")


def test_what_a_vault_that_is_not_at_hand_would_release_is_not_known(tmp_path: Path) -> None:
    found_all_in_one(tmp_path / "home")
    admin = open_home(tmp_path / "home", Role.ADMIN)
    far = Home(path=admin.path, role=Role.ADMIN, trial=True, vault=tmp_path / "nowhere")

    assert unasked(admin).directory is not None
    assert unasked(admin).refusal("ab" * 16, "cd" * 16) == "destroyed"
    assert unasked(far).refusal("ab" * 16, "cd" * 16) is None


def test_every_reason_is_foreseen_or_said_not_to_be() -> None:
    """A reason that is added belongs to one of the two."""
    foreseen = {
        SkipReason.NOT_APPROVED, SkipReason.PURPOSE_NOT_GRANTED, SkipReason.OTHER_CONTROLLER, SkipReason.TRIAL,
        SkipReason.NOT_TRIAL, SkipReason.WITHDRAWN, SkipReason.NOT_RELEASED, SkipReason.INVALID,
        SkipReason.RECIPIENT_NOT_GRANTED,
    }  # fmt: skip

    assert foreseen.isdisjoint(set(UNSEEN) - {SkipReason.DAMAGED})
    assert foreseen | set(UNSEEN) | {SkipReason.WORKER_DIED} == set(SkipReason)
