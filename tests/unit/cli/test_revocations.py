"""From a withdrawal to the data sets of others: the list names no person, and whoever has a data set needs no home."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overt.consent.deletion import DeletionRequest, request_text
from overt.keys.consent_files import load_grants
from overt.store.home import Role, open_home

Overt = Callable[..., Any]


class Market:
    """An exported episode, and where everything lies."""

    def __init__(self, overt: Overt, root: Path, episode: str) -> None:
        self.overt, self.episode = overt, episode
        self.store, self.dataset, self.list = root / "store", root / "dataset", root / "revoked.note"
        self.person = open_home(root / "home", Role.EMPLOYEE)
        self.grant = load_grants(self.person)[0]

    def write(self, *words: object) -> Any:
        return self.overt("revocations", "write", "--from", self.store, "--out", self.list, *words, "--json")

    def check(self, *lists: object) -> Any:
        return self.overt("revocations", "check", self.dataset, *(lists or (self.list,)), "--json")


@pytest.fixture
def market(overt: Overt, episode: str, tmp_path: Path) -> Market:
    overt("episodes", "approve", episode, "--yes")
    overt("episodes", "submit", tmp_path / "store")
    words = ("--purpose", "model_training", "--format", "parquet", "--format", "agentnet")
    assert overt("export", *words, "--from", tmp_path / "store", "--out", tmp_path / "dataset").code == 0
    return Market(overt, tmp_path, episode)


def test_before_anybody_withdraws_a_list_is_empty_and_every_data_set_is_clean(market: Market) -> None:
    wrote, checked = market.write(), market.check()

    assert (wrote.code, wrote.said["handles"], wrote.said["episodes"]) == (0, 0, 0)
    assert (checked.code, checked.said["revoked"]) == (0, [])


def test_a_withdrawal_reaches_a_data_set_by_a_signed_list(market: Market, tmp_path: Path) -> None:
    market.overt("consent", "withdraw")
    note = market.person.withdrawals_directory / f"{market.grant.id}.note"
    market.overt("vault", "shred", "--store", market.store, note)

    wrote, checked = market.write(), market.check()
    applied = market.overt("revocations", "apply", market.dataset, market.list, "--out", tmp_path / "copy")

    assert (wrote.said["handles"], wrote.said["unknown"]) == (1, [])
    assert (checked.code, checked.said["revoked"]) == (1, [market.episode])
    assert (applied.code, "delete the whole directory" in applied.err) == (4, True)


def test_an_erased_episode_reaches_a_data_set_too(market: Market) -> None:
    market.overt("episodes", "erase", market.episode, "--yes")
    (note,) = (market.person.path / "erasures").iterdir()
    market.overt("vault", "shred", "--store", market.store, note)

    wrote, checked = market.write(), market.check()

    assert (wrote.said["handles"], wrote.said["episodes"]) == (0, 1)
    assert checked.said["revoked"] == [market.episode]


def test_a_person_asks_without_saying_who_they_are(market: Market, tmp_path: Path) -> None:
    """The request alone, by any way and from nobody, stops later exports and finds what was exported."""
    asked = tmp_path / "request.json"
    asked.write_text(request_text(DeletionRequest(handles=(market.grant.parties.deletion_handle,))))
    about = market.grant.parties
    for who in (about.subject, about.device, about.withdrawal, market.grant.id, market.episode):
        assert who not in asked.read_text()

    by_request = market.check(asked)
    wrote = market.write("--request", asked)
    by_list = market.check()

    assert by_request.said["revoked"] == by_list.said["revoked"] == [market.episode]
    assert wrote.said["unlinked"] == [market.episode]
    assert [path.name for path in market.store.glob("*.ep")] == []
    assert about.subject not in market.list.read_text()


def test_a_list_is_cumulative(market: Market, tmp_path: Path) -> None:
    asked = tmp_path / "request.json"
    asked.write_text(request_text(DeletionRequest(handles=("0" * 32, market.grant.parties.deletion_handle))))
    market.write("--request", asked)

    later = market.write()

    assert later.said["handles"] == 2


def test_a_withdrawn_grant_that_was_never_handed_over_is_told(market: Market) -> None:
    market.overt("consent", "withdraw")
    note = market.person.withdrawals_directory / f"{market.grant.id}.note"
    (market.store / "grants" / f"{market.grant.id}.note").unlink()
    market.overt("vault", "shred", "--store", market.store, "--unsigned", note)
    (market.store / "withdrawals").mkdir(mode=0o700, exist_ok=True)
    (market.store / "withdrawals" / note.name).write_bytes(note.read_bytes())

    wrote = market.write()

    assert (wrote.said["handles"], wrote.said["unknown"]) == (0, [market.grant.id])
    assert "only its person's request" in wrote.err


def test_a_list_of_somebody_else_counts_for_nothing(market: Market, tmp_path: Path) -> None:
    market.write()
    told = json.loads((market.dataset / "MANIFEST.json").read_text())
    other = open_home(tmp_path / "home", Role.VAULT).keys_directory / "vault-log.pub"
    told["revoked_by"] = other.read_text().strip()
    (market.dataset / "MANIFEST.json").write_text(json.dumps(told))

    refused = market.check()

    assert refused.code == 1
    assert "another key" in refused.err


@pytest.mark.parametrize("rubbish", ["", "{}", "x\n\n", '{"format":"overt-deletion/1","handles":[]}\n'])
def test_rubbish_is_refused_in_one_line(market: Market, tmp_path: Path, rubbish: str) -> None:
    (tmp_path / "rubbish").write_text(rubbish)

    refused = [market.check(tmp_path / "rubbish"), market.write("--request", tmp_path / "rubbish")]

    assert [each.code for each in refused] in ([4, 4], [8, 4])
    assert all(each.err.count("overt: error:") == 1 for each in refused)


def test_nothing_is_written_where_nothing_is_to_be_deleted(market: Market, tmp_path: Path) -> None:
    market.write()

    applied = market.overt("revocations", "apply", market.dataset, market.list, "--out", tmp_path / "copy", "--json")

    assert (applied.code, applied.said) == (0, {"out": None, "deleted": [], "kept": None})
    assert not (tmp_path / "copy").exists()
