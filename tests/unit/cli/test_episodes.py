"""A person's own episodes, on the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overt.cli.rows import content_row, printable
from overt.events.redacted import Clicked, FrameTaken, PageEntered, Scrolled, Target, Typed, Withheld

Overt = Callable[..., Any]


def test_from_the_list_to_the_inbox(overt: Overt, episode: str, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"

    before = overt("episodes", "list", "--json")
    shown = overt("episodes", "show", episode[:6], "--json")
    held = overt("episodes", "submit", inbox, episode, "--json")
    approved = overt("episodes", "approve", "--all", "--yes", "--json")
    handed = overt("episodes", "submit", inbox, "--json")
    after = overt("episodes", "list", "--json")
    erased = overt("episodes", "erase", episode, "--yes", "--json")

    assert [each.code for each in (before, shown, approved, handed, after, erased)] == [0] * 6
    assert [(each["state"], each["approved"]) for each in before.said["episodes"]] == [("closed", False)]
    assert [event["kind"] for event in shown.said["events"]] == ["page_entered", "type"]
    assert (held.code, held.said["episodes"][0]["reason"]) == (1, "not approved")
    assert approved.said["approved"] == [episode]
    assert handed.said["episodes"] == [{"episode_id": episode, "submitted": True, "reason": ""}]
    assert after.said["episodes"][0]["approved"]
    (gone,) = erased.said["erased"]
    assert (gone["episode_id"], gone["shares"], gone["settled"]) == (episode, 2, True)
    assert overt("episodes", "list").out == "there are no episodes\n"


def test_the_table_cannot_steer_the_terminal(overt: Overt, episode: str) -> None:
    shown = overt("episodes", "show", episode)

    assert shown.code == 0
    assert "1.2s  type" in shown.out
    assert "\x1b" not in shown.out


def test_nobody_at_the_terminal_approves_or_erases_without_saying_so(overt: Overt, episode: str) -> None:
    for act in ("approve", "erase"):
        assert overt("episodes", act, episode).code == 2
    assert overt("episodes", "list", "--json").said["episodes"][0]["state"] == "closed"


def test_a_changed_episode_is_exit_code_1(overt: Overt, episode: str, tmp_path: Path) -> None:
    path = tmp_path / "home/employee/episodes" / f"{episode}.ep"
    path.write_bytes(path.read_bytes()[512:])

    assert overt("episodes", "show", episode).code == 1
    assert overt("episodes", "approve", episode, "--yes").code == 1
    assert overt("episodes", "list", "--json").said["episodes"][0]["state"] == "invalid"


def test_after_withdrawal_there_is_nothing_to_show(overt: Overt, episode: str) -> None:
    withdrawn = overt("consent", "withdraw", "--json").said

    assert (withdrawn["shares_destroyed"], withdrawn["episodes_removed"], withdrawn["vault_epoch"]) == (2, 1, 2)
    assert overt("episodes", "show", episode).code == 2


@pytest.mark.parametrize(
    ("event", "kept"),
    [
        (Typed(at_ms=0, visit=1, text="a b"), "'a b'"),
        (Withheld(at_ms=0, visit=1, reason="password"), "nothing (password)"),
        (Scrolled(at_ms=0, visit=1, x=1, y=2, dx=0, dy=-3), "0,-3 at 1,2"),
        (
            Clicked(at_ms=0, visit=1, button="left", count=2, x=1, y=2, target=Target(role="link", name="Cat")),
            "left twice at 1,2 on link 'Cat'",
        ),
        (
            FrameTaken(at_ms=0, visit=1, frame=3, width=8, height=9, sha256="a" * 64, masks=2),
            "picture 3: 8 by 9, 2 areas painted over",
        ),
        (
            PageEntered(
                at_ms=0, visit=1, site="google", area="google/search", url="https://www.google.com/search",
                title="Search", query="cats", arrived="start",
            ),
            "https://www.google.com/search 'Search' searched: cats",
        ),
    ],
)  # fmt: skip
def test_each_action_is_told_in_words(event: Any, kept: str) -> None:
    assert content_row(event)[2] == kept


def test_a_line_stays_one_line() -> None:
    assert printable("a\nb\x07\u202ec") == "a·b··c"
