"""The report on an audit: promise by promise, self-contained, and safe whatever an answer holds."""

import csv
import io
import json
import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

from overt.audit.charts import bars, trend
from overt.audit.findings import REMEDIES
from overt.audit.joining import SEALED
from overt.audit.promises import PROMISES, Verdict, judged
from overt.audit.reporting import Answer, findings_csv, html_report, read_answer
from overt.errors import BackendUnavailableError, FormatError, UsageError

Audited = Callable[[], Any]

jinja2 = pytest.importorskip("jinja2", reason="no HTML is made here: jinja2 is not installed")


def answered(desk: Any) -> dict[str, Any]:
    return dict(desk.audit().row())


def answer(row: dict[str, Any]) -> Answer:
    return read_answer(json.dumps(row))


@pytest.fixture
def row(audited: Audited) -> dict[str, Any]:
    return answered(audited())


class Text(HTMLParser):
    """Collects the text of a page, its tags, and whatever it would load."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.loads: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loads += [str(value) for name, value in attrs if name in {"src", "href", "data", "action"}]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: str) -> Text:
    parser = Text()
    parser.feed(page)
    return parser


def test_every_code_and_every_check_belongs_to_one_promise() -> None:
    codes = [code for promise in PROMISES for code in promise.codes]
    checks = [check for promise in PROMISES for check in promise.checks]

    assert sorted(codes) == sorted(REMEDIES)
    assert len(checks) == len(set(checks))
    assert set(SEALED) <= set(checks)


def test_every_skip_of_an_audit_is_told_with_a_promise(audited: Audited) -> None:
    desk = audited()
    desk.write()
    for name in ("logs", "exports", "requests", "shares", "bundles"):
        import shutil  # noqa: PLC0415 - here alone

        shutil.rmtree(desk.store / name, ignore_errors=True)
    checks = {check for promise in PROMISES for check in promise.checks}

    assert {each["check"] for each in answered(desk)["skips"]} <= checks


def test_a_promise_is_broken_by_a_finding_and_is_not_called_held_where_nothing_was_seen() -> None:
    skips = [("signals in use", "sealed", 3), ("exports", "none at hand", 1), ("indicator", "sealed", 3)]

    verdicts = {each.promise.title: each.verdict for each in judged(["deleted", "deleted"], skips, 3)}

    assert verdicts == {
        "Untouched": Verdict.HELD, "Nothing removed or rewritten": Verdict.BROKEN,
        "Agreed to, beforehand": Verdict.AS_SEEN, "Taken back is gone": Verdict.HELD, "Not kept too long": Verdict.HELD,
        "Reviewed first": Verdict.HELD, "Read only with a reason": Verdict.HELD, "Used only as agreed": Verdict.UNSEEN,
        "Redacted, and never in secret": Verdict.UNSEEN,
    }  # fmt: skip
    assert {each.verdict for each in judged([], [], 0)} == {Verdict.UNSEEN}


def test_the_report_of_an_honest_store_says_what_was_not_seen(row: dict[str, Any]) -> None:
    page = read(html_report([answer(row)]))

    text = " ".join(" ".join(page.text).split())
    assert "Nothing was found: 6 of 9 promises are held, and the others were not seen in full" in text
    assert "not checked: redaction rules (3 times): it stands in sealed metadata" in text
    assert "What no such audit can know" in text


def test_the_report_loads_nothing_and_runs_nothing(row: dict[str, Any]) -> None:
    page = read(html_report([answer(row)]))

    assert page.loads == []
    assert page.tags & {"script", "iframe", "object", "embed", "img", "link", "form", "base"} == set()


def test_each_finding_is_told_with_its_evidence_and_remedy(audited: Audited) -> None:
    desk = audited()
    (desk.write() / f"{desk.scene.id_of('one')}.ep").unlink()

    text = " ".join(" ".join(read(html_report([answer(answered(desk))])).text).split())

    assert "1 of 9 promises are broken" in text
    assert desk.scene.id_of("one") in text
    assert REMEDIES["deleted"] in text


def test_what_an_answer_holds_is_never_taken_for_markup(row: dict[str, Any]) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    finding = {"code": evil, "severity": "major", "about": {"kind": evil, "id": evil}, "evidence": evil, "remedy": evil}
    row["findings"] = [finding | {"episodes": 1}]
    row["store"] = evil
    row["skips"] = [{"check": evil, "reason": evil, "text": evil, "count": 1}]

    page = read(html_report([answer(row)]))

    assert page.tags & {"script", "img"} == set()
    assert page.loads == []


def test_charts_escape_what_others_wrote() -> None:
    assert "<b>" not in bars({"<b>": 1})
    assert "<b>" not in trend([("<b>", 1), ("2026-11-23", 2)])


def test_several_answers_give_a_trend_and_the_newest_is_told(row: dict[str, Any]) -> None:
    older = row | {"at": "2026-10-23T12:00:00Z", "episodes": 1}

    page = html_report([answer(row), answer(older)])

    assert "Findings over time" in page
    assert "findings of 2 audits from 2026-10-23 to 2026-11-23" in page
    assert "Findings over time" not in html_report([answer(row)])
    assert html_report([answer(older), answer(row)]) == page


def test_a_report_of_thousands_of_findings_stays_small_enough_to_be_read(row: dict[str, Any]) -> None:
    row["findings"] = [
        {"code": "deleted", "severity": "critical", "about": {"kind": "episode", "id": f"{number:032x}"},
         "evidence": "e", "remedy": "r", "episodes": 1}
        for number in range(3000)
    ]  # fmt: skip

    page = html_report([answer(row)])

    assert "And 2,500 more" in page
    assert len(page) < 1_000_000


def test_findings_as_csv_are_one_a_line_and_no_formula(audited: Audited) -> None:
    desk = audited()
    (desk.write() / f"{desk.scene.id_of('one')}.ep").unlink()
    row = answered(desk)
    row["findings"].append(row["findings"][0] | {"evidence": '=HYPERLINK("x")', "remedy": 'a,"b"\nc'})

    lines = list(csv.DictReader(io.StringIO(findings_csv(answer(row)))))

    assert [each["code"] for each in lines] == ["deleted", "deleted"]
    assert lines[1]["evidence"] == '\'=HYPERLINK("x")'
    assert lines[1]["remedy"] == 'a,"b"\nc'


@pytest.mark.parametrize(
    "spoil",
    [
        lambda row: row.pop("skips"),
        lambda row: row.update(format="overt-audit/2"),
        lambda row: row.update(episodes="3"),
        lambda row: row.update(at="yesterday"),
    ],
    ids=["key missing", "another format", "a text for a number", "no instant"],
)
def test_what_is_no_answer_is_refused(row: dict[str, Any], spoil: Callable[[dict[str, Any]], object]) -> None:
    spoil(row)

    with pytest.raises(FormatError):
        answer(row)


def test_an_answer_with_keys_of_a_newer_version_is_still_read(row: dict[str, Any]) -> None:
    assert answer(row | {"new": 1}).episodes == 3


def test_nothing_to_report_on_and_no_jinja_are_refused(row: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError):
        html_report([])
    monkeypatch.setitem(sys.modules, "jinja2", None)
    with pytest.raises(BackendUnavailableError, match="jinja2"):
        html_report([answer(row)])


def test_both_colour_schemes_name_every_colour() -> None:
    text = (__import__("importlib.resources").resources.files("overt.audit") / "report.html.j2").read_text("utf-8")
    light, dark = (set(re.findall(r"(--[a-z]+):", block)) for block in re.findall(r":root \{(.*?)\}", text, re.DOTALL))

    assert light == dark
    assert set(re.findall(r"var\((--[a-z]+)\)", text)) <= light
