"""Each person is in one split, in every release; and no release names anybody as another one does."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overt.consent.release_receipt import receipt
from overt.dataset.interface import Format
from overt.dataset.judge import Sight
from overt.dataset.lint import lint
from overt.dataset.release import About, Names, Receiver, Release, Split
from overt.format.note import NoteSigner

SIGNER = NoteSigner.from_seed("admin-0c0c", bytes(range(32)))
OTHER = NoteSigner.from_seed("admin-1d1d", bytes(range(1, 33)))
PARTNER = About(receiver=Receiver(name="Example Research", contact="privacy@research.example", country="DE"))

devices = st.text(st.characters(codec="ascii"), min_size=1, max_size=80)
shares = st.integers(0, 50)


def names(holdout: int = 10, *sources: str, signer: NoteSigner = SIGNER, about: About | None = None) -> Names:
    release = Release(signer=signer, about=about or About(), holdout=holdout)
    return release.names("model_training", sources or ("a",))


@given(devices, shares, st.lists(devices, max_size=3))
def test_a_person_is_in_the_same_split_in_every_release(device: str, holdout: int, sources: list[str]) -> None:
    assert names(holdout, *sources).split(device) is names(holdout, "another").split(device)
    assert names(holdout, about=PARTNER).split(device) is names(holdout).split(device)


@given(devices, shares, shares)
def test_with_more_held_out_only_people_in_training_move(device: str, one: int, two: int) -> None:
    less, more = (names(share).split(device) for share in sorted((one, two)))

    assert less is Split.TRAIN or more is less


@given(devices)
def test_nobody_is_held_out_where_nobody_asks_for_it(device: str) -> None:
    assert names(0).split(device) is Split.TRAIN


@settings(max_examples=5)
@given(st.sampled_from([5, 10, 25, 50]))
def test_about_as_many_are_held_out_as_were_asked_for(holdout: int) -> None:
    people = 4_000
    counted = Counter(names(holdout).split(f"device-{number}") for number in range(people))

    held = counted[Split.VALIDATION] + counted[Split.TEST]
    assert abs(held / people - holdout / 100) < 0.03
    assert abs(counted[Split.TEST] / held - 0.5) < 0.15


@given(devices)
def test_no_two_releases_name_a_person_alike(device: str) -> None:
    one = names(10)
    others = [names(10, "b"), names(10, signer=OTHER), names(10, about=PARTNER)]

    assert one.contributor(device) == names(10).contributor(device)
    for other in others:
        assert other.contributor(device) != one.contributor(device)
        assert other.receipt("ab" * 32) != one.receipt("ab" * 32)


def by_the_book(key: bytes | str, *lines: str) -> bytes:
    """HMAC-SHA256 as the specification's section 11 writes it."""
    start = key if isinstance(key, bytes) else key.encode()
    return hmac.new(start, "\n".join(lines).encode(), hashlib.sha256).digest()


def test_names_are_what_the_specification_says() -> None:
    secret = by_the_book(SIGNER.seed(), "overt release secret/1")
    release = by_the_book(secret, "release", "model_training", "Example Research", "a", "b")
    people = by_the_book(release, "contributors")
    salt = by_the_book(release, "receipts").hex()
    book = names(50, "a", "b", about=PARTNER)

    assert book.contributor("device-1") == by_the_book(people, "device-1").hex()[:16]
    assert book.receipts == salt
    assert book.receipt("ab" * 32) == hashlib.sha256(f"overt-receipt/1\n{salt}\n{'ab' * 32}\n".encode()).hexdigest()
    for device in map(str, range(50)):
        drawn = by_the_book(by_the_book(secret, "splits"), device)
        held = int.from_bytes(drawn[:8], "big") < 2**64 // 2
        assert book.split(device).value == ("train" if not held else "test" if drawn[8] % 2 else "validation")


def test_who_has_a_grant_finds_what_stands_for_it() -> None:
    assert names().receipt("ab" * 32) == receipt(names().receipts, "ab" * 32)


def test_what_a_release_publishes_does_not_lead_to_its_names() -> None:
    """Its salt is derived from the secret as they are, and neither from the other."""
    one = names()

    assert bytes.fromhex(one.receipts) not in {one.contributors, one.splits}
    assert SIGNER.seed().hex() not in repr(one) + one.receipts


def many(story: Any, people: int) -> list[Any]:
    episodes = (story.eligible(story.search(), number) for number in range(1, people + 1))
    return [replace(each, contributor_key=f"device-{number}") for number, each in enumerate(episodes)]


def told(directory: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(next((directory / "data").glob("episodes-*"))).to_pylist()
    return rows


def test_what_is_held_out_lies_apart_in_every_format(story: Any, tmp_path: Path) -> None:
    story.exported(tmp_path / "out", *many(story, 8), holdout=50, formats=tuple(Format))

    roots = {split: tmp_path / "out" / ("" if split is Split.TRAIN else split.value) for split in Split}
    people = {split: {row["contributor"] for row in told(root)} for split, root in roots.items()}
    assert all(row["split"] == split for split, root in roots.items() for row in told(root))
    assert sum(map(len, people.values())) == len(set().union(*people.values())) == 8
    held = {path.name for path in (tmp_path / "out/test").iterdir()}
    assert held == {"data", "agentnet", "atif", "chat", "trl", "anthropic", "openai", "webdataset"}
    assert list(lint(tmp_path / "out", tuple(Format))) == []


def test_each_split_is_loaded_by_its_name(story: Any, tmp_path: Path, load: Callable[..., Any]) -> None:
    report = story.exported(tmp_path / "out", *many(story, 8), holdout=50)

    for split, rows in report.account.splits.items():
        assert load(str(tmp_path / "out"), split=split).num_rows == rows["steps"] > 0
        assert load(str(tmp_path / "out"), "visits", split=split).num_rows == rows["visits"]


def test_a_split_of_which_everything_was_skipped_is_not_there(story: Any, tmp_path: Path) -> None:
    held = next(each for each in many(story, 8) if names(50, "x").split(each.contributor_key) is Split.TEST)
    trained = next(each for each in many(story, 8) if names(50, "x").split(each.contributor_key) is Split.TRAIN)
    empty = replace(held, content=lambda: iter(()))

    report = story.exported(tmp_path / "out", trained, empty, holdout=50, signer=SIGNER)

    assert list(report.account.splits) == ["train"]
    assert not (tmp_path / "out/test").exists()


def test_a_person_on_both_sides_is_a_fault(story: Any, tmp_path: Path) -> None:
    """A row was carried over by hand, and even its column says so."""
    story.exported(tmp_path / "out", *many(story, 8), holdout=50)
    (held,) = (tmp_path / "out/test/data").glob("episodes-*")
    (trained,) = (tmp_path / "out/data").glob("episodes-*")
    rows = [*told(tmp_path / "out/test"), told(tmp_path / "out")[0]]
    pq.write_table(type(pq.read_table(held)).from_pylist(rows, schema=pq.read_schema(trained)), held)

    found = list(lint(tmp_path / "out", (Format.PARQUET,)))

    assert "a person is on both sides of a split" in found
    assert any("rows of another split" in each for each in found)


def test_a_second_look_at_one_person_changes_nobody_elses_split(story: Any, tmp_path: Path) -> None:
    class Fussy:
        name, version, sights = "fussy", "1", frozenset({Sight.TYPED})

        def findings(self, shown: str | bytes) -> dict[str, int]:
            return {"WORD": 1} if "turing" in str(shown) else {}

    people = many(story, 6)
    first = story.exported(tmp_path / "first", *people, holdout=50)

    with pytest.raises(Exception, match="no episode may be exported"):
        story.exported(tmp_path / "second", *people, holdout=50, judges=[Fussy()])
    again = story.exported(tmp_path / "third", *people[:5], holdout=50)

    assert set(again.account.splits) <= set(first.account.splits)
