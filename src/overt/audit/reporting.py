"""An audit's answer as one HTML file that a board can read and an engineer can check, and its findings as CSV."""

import csv
import importlib
import io
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files as resources
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from overt.audit.charts import bars, trend
from overt.audit.findings import Severity
from overt.audit.promises import Verdict, judged
from overt.errors import BackendUnavailableError, FormatError, UsageError

_Count = Annotated[int, Field(ge=0)]
_Word = Annotated[str, StringConstraints(max_length=300)]
_Sentence = Annotated[str, StringConstraints(max_length=4_000)]
_MANY: Final = 500
"""So many findings are listed in the HTML at most; all of them are in the JSON and the CSV."""
_UNKNOWN: Final = (
    "Whether sealed content and metadata are true: a recorder that lies signs its lies.",
    "Whether something left without a manifest, a log entry or the vault.",
    "What was logged after the officer last witnessed a log.",
    "What a copy that somebody kept, of keys and data together, will be used for.",
)


class _Part(BaseModel):
    # Keys may be added to an answer, and an older program still reads it.
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class About(_Part):
    """What a finding is about."""

    kind: _Word
    id: _Word


class Told(_Part):
    """One finding of an answer."""

    code: _Word
    severity: Severity = Field(strict=False)
    about: About
    evidence: _Sentence
    remedy: _Sentence
    episodes: _Count


class Skipped(_Part):
    """One skip of an answer."""

    check: _Word
    reason: _Word
    text: _Sentence
    count: _Count


class Head(_Part):
    """One log of an answer."""

    origin: _Word
    size: _Count
    root: _Word


class Answer(_Part):
    """The answer of ``overt audit run``, as ``docs/spec/audit-v1.md``, section 2, defines it."""

    format: Literal["overt-audit/1"]
    at: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$")]
    store: _Sentence
    officer: _Sentence
    policy_sha256: _Word
    verdict: _Word
    episodes: _Count
    remembered: _Count
    devices: _Count
    grants: _Count
    exports: _Count
    reads: _Count
    logs: list[Head]
    findings: list[Told]
    skips: list[Skipped]


def read_answer(text: str) -> Answer:
    """Return the answer that *text* is; raises ``FormatError``."""
    try:
        return Answer.model_validate_json(text)
    except ValidationError:
        raise FormatError("this is not a result of overt audit run", hint="write one with --out FILE") from None


def html_report(answers: Sequence[Answer]) -> str:
    """Return the report on the newest of *answers*, with the others as its history; it needs no other file.

    Raises:
        UsageError: There is none.
        BackendUnavailableError: jinja2 is not installed.
    """
    if not answers:
        raise UsageError("there is nothing to report on", hint="name what overt audit run --out wrote")
    ordered = sorted(answers, key=lambda each: each.at)
    newest = ordered[-1]
    skips = [(each.check, each.text, each.count) for each in newest.skips]
    promises = judged((each.code for each in newest.findings), skips, newest.episodes)
    severities = Counter(each.severity for each in newest.findings)
    page: str = _template().render(
        answer=newest,
        promises=promises,
        verdicts=Verdict,
        counts={severity.value: severities[severity] for severity in Severity},
        verdict=_verdict([each.verdict for each in promises], newest),
        findings=newest.findings[:_MANY],
        more=max(0, len(newest.findings) - _MANY),
        severity_chart=bars({severity.value: severities[severity] for severity in Severity}),
        trend_chart=trend([(each.at[:10], len(each.findings)) for each in ordered]) if len(ordered) > 1 else "",
        unknown=_UNKNOWN,
    )
    return page


def findings_csv(answer: Answer) -> str:
    """Return the findings of *answer* as CSV with a header; no cell begins like a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["code", "severity", "kind", "about", "episodes", "evidence", "remedy"])
    for each in answer.findings:
        cells = [each.code, each.severity.value, each.about.kind, each.about.id, str(each.episodes)]
        writer.writerow([_plain(cell) for cell in (*cells, each.evidence, each.remedy)])
    return out.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _verdict(verdicts: Sequence[Verdict], answer: Answer) -> str:
    broken = sum(each is Verdict.BROKEN for each in verdicts)
    if broken:
        return f"{broken} of {len(verdicts)} promises are broken"
    if not answer.episodes:
        return "There was no episode to check"
    held = sum(each is Verdict.HELD for each in verdicts)
    return f"Nothing was found: {held} of {len(verdicts)} promises are held, and the others were not seen in full"


def _template() -> Any:  # noqa: ANN401 - jinja2 is optional, so its types are not there to name
    try:
        jinja2: Any = importlib.import_module("jinja2")
    except ImportError:
        raise BackendUnavailableError("jinja2 is not installed", hint="pip install 'overt[audit]'") from None
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string(resources("overt.audit").joinpath("report.html.j2").read_text("utf-8"))
