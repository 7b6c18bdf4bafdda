"""The account of the story: it is good only when nothing planted is left and nothing allowed is missing."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

from overt.demo.account import account_for
from overt.demo.loading import Loaded
from overt.demo.pages.shell import SECRET_COLOUR
from overt.demo.search import Finding, Searched
from overt.demo.story import Played, Told
from overt.demo.tool import Ran

But = Callable[..., Told]
FOUND = Finding(act="password", form="plain", where="home/x")


def test_a_story_without_a_flaw_is_good(told: Told) -> None:
    account = account_for(told)

    assert account.problems == ()
    assert [line.good for line in account.lines] == [True, True]
    assert account.figures["actions"] == {"wanted": 2, "found": 2, "pictured": 2, "exported": 8, "stray_texts": 0}


def test_each_line_names_its_steps_and_what_was_noted_on_its_page(told: Told) -> None:
    search, password = account_for(told).lines

    assert search.steps == (1, 2)
    assert search.noted == ()
    assert password.noted == ("secret_field", "EMAIL")


def _flaws() -> dict[str, Callable[[Told], dict[str, object]]]:
    def played(told: Told, **changes: object) -> dict[str, object]:
        return {"played": replace(told.played, **changes)}

    def loaded(
        told: Told, *, steps: Callable[[list[dict[str, object]]], object] = list, images: object = None
    ) -> dict[str, object]:
        rows = dict(told.loaded.tables)
        rows["steps"] = list(steps(rows["steps"]))  # type: ignore[call-overload]
        return {"loaded": Loaded(tables=rows, images=images or told.loaded.images[: len(rows["steps"])], decoded=0)}

    def without_action(rows: list[dict[str, object]]) -> list[dict[str, object]]:
        return rows[:1] + rows[2:]

    def swapped(rows: list[dict[str, object]]) -> list[dict[str, object]]:
        return [rows[2], rows[1], *rows[3:]]

    def off_by_one(rows: list[dict[str, object]]) -> list[dict[str, object]]:
        moved = rows[1] | {"action": rows[1]["action"] | {"x": 5}}  # type: ignore[operator]
        return [rows[0], moved, *rows[2:]]

    def with_stray(rows: list[dict[str, object]]) -> list[dict[str, object]]:
        return [*rows, rows[2] | {"action": rows[2]["action"] | {"text": "sly"}}]  # type: ignore[operator]

    return {
        "a secret in bytes": lambda _: {"searched": Searched(findings=[FOUND])},
        "a secret in records": lambda _: {"records": Searched(findings=[FOUND])},
        "a secret never planted": lambda told: played(told, planted=set()),
        "a colour never shown": lambda told: played(told, shown={}),
        "an action missing": lambda told: loaded(told, steps=without_action),
        "actions out of order": lambda told: loaded(told, steps=swapped),
        "a coordinate off by one": lambda told: loaded(told, steps=off_by_one),
        "a text of nobody's": lambda told: loaded(told, steps=with_stray, images=[told.loaded.images[0]] * 9),
        "no pictures": lambda told: loaded(told, images=[None] * 8),
        "an episode that is not closed": lambda told: {"verdict": told.verdict | {"state": "open"}},
        "a finding of verify": lambda told: {"verdict": told.verdict | {"finding": "renamed"}},
        "a changed copy that passed": lambda told: {"tampered": replace(told.tampered, code=0)},
    }


@pytest.mark.parametrize("flaw", _flaws())
def test_one_flaw_makes_the_demo_fail(told: Told, but: But, flaw: str) -> None:
    account = account_for(but(**_flaws()[flaw](told)))

    assert account.problems
    assert not account.good


@pytest.mark.parametrize("place", ["frames", "images"])
def test_one_secret_pixel_makes_the_demo_fail(
    told: Told, but: But, make_png: Callable[[tuple[int, int, int]], bytes], place: str
) -> None:
    secret = make_png(SECRET_COLOUR)
    flawed = (
        but(opened=replace(told.opened, frames=[secret]))
        if place == "frames"
        else but(loaded=replace(told.loaded, images=[*told.loaded.images[:-1], secret]))
    )

    account = account_for(flawed)

    assert account.figures["frames"]["secret_pixels"] == 48
    assert account.problems == ("48 pixels of the secret colour in frames",)


def test_the_json_holds_every_figure_and_no_secret(told: Told, but: But) -> None:
    written = json.dumps(account_for(but(searched=Searched(files=3, findings=[FOUND]))).json())

    assert told.canaries[0].text not in written
    assert json.loads(written)["search"]["found"] == 1
    assert json.loads(written)["good"] is False


def test_commands_are_told_without_the_paths_of_this_machine(told: Told) -> None:
    assert account_for(told).figures["commands"][0]["command"] == "overt verify changed.ep"


def test_a_card_that_was_planted_must_still_leave_its_marker(but: But) -> None:
    wanted = {"search": [], "password": [{"kind": "type", "text": "[CREDIT_CARD]"}]}
    account = account_for(but(played=Played(wanted=wanted, planted={"password"}, shown={"password": 1})))

    assert not account.lines[1].good
    assert any("[CREDIT_CARD]" in problem for problem in account.problems)


def test_a_command_is_quoted_by_its_words_alone() -> None:
    ran = Ran(words=("export", "--out", "/a/b/dataset"), code=0, out="", err="", seconds=0)

    assert ran.command == "overt export --out dataset"


def test_keys_that_came_too_late_are_named_when_something_is_missing(told: Told, but: But) -> None:
    slow = replace(told.opened, dropped=Counter(late=2, foreign_frame=1))
    kept = account_for(but(opened=slow))
    torn = dict(told.loaded.tables) | {"steps": told.loaded.tables["steps"][:2]}
    missing = account_for(but(opened=slow, loaded=Loaded(tables=torn, images=told.loaded.images[:2], decoded=2)))

    assert kept.good
    assert any(problem.endswith("it dropped late 2") for problem in missing.problems)
