"""The summary is one file that needs nothing else and holds no secret; the table says the same on a terminal."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from overt.demo import show, summary
from overt.demo.account import account_for
from overt.demo.search import Finding, Searched
from overt.demo.story import Told


def _html(told: Told) -> str:
    return summary.render(account_for(told), told)


def test_the_html_loads_nothing_from_anywhere(told: Told) -> None:
    html = _html(told)

    assert re.findall(r'(?:src|href)="(?!data:image/png;base64,)', html) == []
    assert "@import" not in html
    assert "url(" not in html


def test_a_picture_that_repeats_is_shown_once_and_marked_where_the_action_was(told: Told) -> None:
    html = _html(told)

    assert html.count("<img ") == 1
    assert _html(replace(told, loaded=replace(told.loaded, images=[None] * 8))).count("<img ") == 0


def test_what_a_page_called_itself_is_text_and_not_markup(told: Told) -> None:
    html = _html(told)

    assert "Google &lt;b&gt;" in html
    assert "typed &amp; clicked" in html


def test_a_search_names_the_link_or_the_page_that_was_opened(told: Told) -> None:
    assert "Google &lt;b&gt;, A lamp" in _html(told)


def test_a_failed_run_says_so_in_the_summary(told: Told) -> None:
    failed = replace(told, searched=Searched(findings=[Finding(act="password", form="hex", where="home/x")]))

    assert "This run failed" not in _html(told)
    assert "This run failed" in _html(failed)
    assert "found as hex in home/x" in _html(failed)


def test_both_files_are_written(told: Told, tmp_path: Path) -> None:
    summary.write(tmp_path, account_for(told), told)

    assert json.loads((tmp_path / summary.JSON).read_text())["good"] is True
    assert (tmp_path / summary.HTML).read_text().startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (1, "click at 4, 3"),
        (2, "type lamp"),
        (3, "type nothing that may be kept (withheld: secret_field)"),
        (4, "drag from 1, 1 to 5, 1"),
        (5, "press ctrl + a"),
        (6, "scroll by -2 at 1, 1"),
        (7, "terminate"),
    ],
)
def test_each_kind_of_step_is_told_in_words(told: Told, place: int, words: str) -> None:
    assert summary.words(told.loaded.tables["steps"][place]["action"]) == words


def _printed(told: Told) -> str:
    text = io.StringIO()
    show.show(account_for(told), Console(file=text, width=160))
    return text.getvalue()


def test_the_table_has_a_line_for_each_act_and_every_figure(told: Told) -> None:
    printed = _printed(told)

    assert "typed a password" in printed
    assert "the secret: 0 traces (secret_field, EMAIL)" in printed
    assert "2 of 2 expected actions" in printed
    assert "[EMAIL]" not in printed
    assert "Nothing that was planted was found" in printed


def test_a_secret_that_was_not_planted_is_no_success(told: Told) -> None:
    printed = _printed(replace(told, played=replace(told.played, planted=set())))

    assert "was not planted" in printed
    assert "The demo failed." in printed
