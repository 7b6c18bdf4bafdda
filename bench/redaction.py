"""How much of what is secret is withheld, how much else, how fast: python bench/redaction.py [DATA] [--peers].

With --peers Presidio and openadapt-privacy look at the same texts, in an environment of their own (``.ci/env``).
--errors names what Overt missed; --json FILE also writes all figures of the sets into FILE.

Two public development sets are read from DATA (default: ../shared/data beside the checkout); they are not shipped, and
what is absent is left out. Both were looked at while rules were made: figures on them are upper bounds. What the rules
found at first sight of texts that they were not tuned to is in docs/redaction.md. Letters and digits alone count.

cover      share of a set's spans of which every letter and digit is withheld, by whatever detector
P R F1     share of findings and of spans that match one to one: of one type, and at least half of their union shared
strict     share of spans that a finding of their type matches exactly
leak       share of all letters and digits in spans that are not withheld
over       share of all letters and digits outside spans that are withheld; "known" leaves out what the set itself
           labels in its text (Session:, MAC:, Phone:, key fields) and forgot to annotate
"""

import gzip
import json
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from overt.redact.clean import widened
from overt.redact.detect import detect
from overt.redact.echo import Echo
from overt.redact.edit import Edits
from overt.redact.kinds import Kind
from overt.redact.taint import taint_of

ROOT = Path(__file__).parents[1]
VECTORS = ROOT / "tests/vectors/redact"

Gold = tuple[int, int, str]
Document = tuple[str, list[Gold]]

SECRETS = "KEY/PASSWORD"
TYPES = {
    "CREDIT_CARD": "CARD", "PHONE_NUMBER": "PHONE", "EMAIL_ADDRESS": "EMAIL", "IBAN_CODE": "IBAN", "US_SSN": "SSN",
    "SOCIAL_SECURITY_NUMBER": "SSN", "IP_ADDRESS": "IP", "MAC_ADDRESS": "IP", "STREET_ADDRESS": "ADDRESS",
    "US_DRIVER_LICENSE": "ID", "MEDICAL_RECORD_NUMBER": "ID", "BANK_ACCOUNT_NUMBER": "ID", "PASSWORD": "PASSWORD",
    "API_KEY": "API_KEY", "USERNAME": "USERNAME",
}  # fmt: skip
"""Types of the sets by name here; others (names, places, titles) are not what the detectors are for."""
KINDS = {
    Kind.CREDIT_CARD: "CARD", Kind.PHONE: "PHONE", Kind.EMAIL: "EMAIL", Kind.IBAN: "IBAN", Kind.SSN: "SSN",
    Kind.IP: "IP", Kind.POSTAL_ADDRESS: "ADDRESS", Kind.ID_NUMBER: "ID", Kind.NATIONAL_ID: "ID",
    Kind.USERNAME: "USERNAME",
    **dict.fromkeys((Kind.PASSWORD, Kind.API_KEY, Kind.TOKEN, Kind.SECRET, Kind.CONNECTION, Kind.PRIVATE_KEY), SECRETS),
}  # fmt: skip
UNANNOTATED = re.compile(
    r"(?:Session|MAC|Phone|Tel)\w*: ?(\S+(?:[ ()-]+[\d()-]+)*)|(?:api_?key|token|secret|password)\"?\s*[:=]\s*(\S+)",
    re.IGNORECASE,
)


def presidio(data: Path) -> list[Document]:
    documents = json.loads((data / "presidio-research/synth_dataset_v2.json").read_text())
    keys = ("start_position", "end_position", "entity_type")
    return [(each["full_text"], [tuple(span[key] for key in keys) for span in each["spans"]]) for each in documents]


def pii_anon(data: Path) -> list[Document]:
    with gzip.open(data / "pii-anon/test_technology.jsonl.gz", "rt", encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    return [
        (each["text"], [(span["start"], span["end"], span["entity_type"]) for span in each["annotations"] or ()])
        for each in documents
        if each["language"] == "en"
    ]


def plain(text: str, start: int, end: int) -> set[int]:
    return {place for place in range(start, end) if text[place].isalnum()}


@dataclass
class Found:
    """What one tool found in a text: start, end and type by its name here."""

    start: int
    end: int
    type: str


def shared(gold: Gold, found: Found) -> float:
    common = min(gold[1], found.end) - max(gold[0], found.start)
    return max(0, common) / (max(gold[1], found.end) - min(gold[0], found.start))


def same_type(gold: str, found: str) -> bool:
    wanted = TYPES.get(gold, gold)
    return found == wanted or (found == SECRETS and wanted in {"PASSWORD", "API_KEY"})


def matched(golds: list[Gold], spans: list[Found]) -> Iterator[tuple[Gold, Found]]:
    """Yield pairs, the best first, each gold span and each finding in one pair at most."""
    pairs = [(shared(gold, span), gold, span) for gold in golds for span in spans if same_type(gold[2], span.type)]
    used: set[int] = set()
    for share, gold, span in sorted(pairs, key=lambda pair: -pair[0]):
        if share >= 0.5 and not used & {id(gold), id(span)}:
            used |= {id(gold), id(span)}
            yield gold, span


def ours(texts: list[str]) -> tuple[list[list[Found]], float]:
    for text in texts:
        detect(text)
    began = time.process_time()
    spans = [detect(text) for text in texts]
    seconds = time.process_time() - began
    return [
        [Found(each.start, each.end, KINDS.get(each.kind, each.kind)) for each in found] for found in spans
    ], seconds


def peer(name: str, texts: list[str]) -> tuple[list[list[Found]], float]:
    where = subprocess.run([ROOT / ".ci/env", "redaction-peers"], check=True, capture_output=True, text=True)
    command = [where.stdout.strip() + "/bin/python", str(ROOT / "bench/peers/redaction.py"), name]
    run = subprocess.run(command, input=json.dumps(texts), check=True, capture_output=True, text=True)
    result = json.loads(run.stdout)
    found = [[Found(start, end, TYPES.get(kind, kind)) for start, end, kind in spans] for spans in result["spans"]]
    return [apart(spans) for spans in found], result["seconds"]


def apart(spans: list[Found]) -> list[Found]:
    """Leave out what lies within another finding of its type, the longest first."""
    kept: list[Found] = []
    for span in sorted(spans, key=lambda each: each.start - each.end):
        if not any(each.type == span.type and each.start < span.end and span.start < each.end for each in kept):
            kept.append(span)
    return kept


def score(documents: list[Document], spans: list[list[Found]], *, errors: bool = False) -> dict[str, Any]:
    count, covered, relaxed, strict, precise, predicted = (Counter[str]() for _ in range(6))
    inside = leaked = outside = over = known = 0
    for (text, golds), found in zip(documents, spans, strict=True):
        hidden = set[int]().union(*(plain(text, span.start, span.end) for span in found))
        gold_places = set[int]().union(*(plain(text, start, end) for start, end, _ in golds))
        wanted = set[int]().union(*(plain(text, start, end) for start, end, kind in golds if kind in TYPES))
        forgotten = set[int]().union(*(plain(text, *match.span()) for match in UNANNOTATED.finditer(text)))
        every = plain(text, 0, len(text))
        inside, leaked = inside + len(wanted), leaked + len(wanted - hidden)
        outside, over = outside + len(every - gold_places), over + len(hidden - gold_places)
        known += len(hidden - gold_places - forgotten)
        for start, end, kind in golds:
            count[TYPES.get(kind, kind)] += 1
            covered[TYPES.get(kind, kind)] += plain(text, start, end) <= hidden
            if errors and kind in TYPES and not plain(text, start, end) <= hidden:
                print(f"  missed {kind}: {text[max(0, start - 30) : end + 10]!r}")
        for span in found:
            predicted[span.type] += 1
        for gold, span in matched(golds, found):
            relaxed[TYPES.get(gold[2], gold[2])] += 1
            strict[TYPES.get(gold[2], gold[2])] += gold[:2] == (span.start, span.end)
            precise[span.type] += 1
    types = {}
    for kind in dict.fromkeys(TYPES.values()):
        if count[kind]:
            named = SECRETS if kind in {"PASSWORD", "API_KEY"} and predicted[SECRETS] else kind
            types[kind] = {
                "spans": count[kind],
                "cover": covered[kind] / count[kind],
                "precision": precise[named] / max(1, predicted[named]),
                "recall": relaxed[kind] / count[kind],
                "strict": strict[kind] / count[kind],
            }
    return {"leak": leaked / inside, "over": over / outside, "over_known": known / outside, "types": types}


def show(name: str, tool: str, result: dict[str, Any]) -> None:
    speed = f"{result['characters_per_second'] / 1e6:.3f} million characters per CPU-second"
    over = f"over {result['over']:.3f} (known {result['over_known']:.3f})"
    print(f"{name}, {tool}: leak {result['leak']:.3f}, {over}, {speed}")
    for kind, row in result["types"].items():
        shares = f"P {row['precision']:.2f} R {row['recall']:.2f}  strict {row['strict']:.2f}"
        print(f"  {kind:<9} {row['spans']:>5}  cover {row['cover']:.3f}  {shares}")


def own() -> None:
    lines = [line for line in (VECTORS / "benign.txt").read_text().splitlines() if not line.startswith("# ")]
    lost = sum(span.end - span.start for line in lines for span in widened(line, detect(line)))
    print(f"own benign searches: {len(lines)}, characters kept {1 - lost / sum(map(len, lines)):.4f}")
    marked = (VECTORS / "prose_passwords.txt").read_text().splitlines()
    covered = 0
    for line in marked:
        before, secret, after = re.split("[«»]", line)
        text = before + secret + after
        hidden = set[int]().union(*(plain(text, span.start, span.end) for span in detect(text)))
        covered += plain(text, len(before), len(before) + len(secret)) <= hidden
    print(f"own prose passwords: {len(marked)}, cover {covered / len(marked):.3f}")


def speed(name: str, texts: list[str]) -> None:
    for text in texts:
        detect(text)
    best = 1e9
    for _ in range(3):
        began = time.process_time()
        for text in texts:
            detect(text)
        best = min(best, time.process_time() - began)
    size = sum(map(len, texts))
    print(f"{name}: {size / best / 1e6:.2f} million characters per CPU-second ({size // len(texts)} characters a text)")


def commits() -> None:
    """Time a field's end: what was typed with a slip every few characters, so that there are states to look at."""
    lines = [line for line in (VECTORS / "benign.txt").read_text().splitlines() if not line.startswith("# ")]
    times = []
    for line in lines * 3:
        edits = Edits()
        for place, char in enumerate(line):
            edits.insert(char)
            if place % 5 == 4:
                edits.insert("x")
                edits.erase()
        began = time.process_time()
        taint_of(edits, (), Echo())
        times.append(time.process_time() - began)
    times.sort()
    middle, last = times[len(times) // 2] * 1e3, times[len(times) * 99 // 100] * 1e3
    print(f"commit of a field: p50 {middle:.2f} ms, p99 {last:.2f} ms of {len(times)}")


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    detect("warm 12345 password: x ada@example.com")
    print(f"resident memory with the detectors loaded: {memory():.0f} MB")
    words = [
        word for word, before in zip(sys.argv[1:], sys.argv, strict=False) if before != "--json" and word[0] != "-"
    ]
    data = Path(words[0]) if words else ROOT.parent / "shared/data"
    own()
    commits()
    searches = [line for line in (VECTORS / "benign.txt").read_text().splitlines() if not line.startswith("# ")]
    speed("searches", searches)
    speed("one long text", ["\n".join(searches)])
    figures: dict[str, Any] = {}
    tools: dict[str, Callable[[list[str]], tuple[list[list[Found]], float]]] = {"overt": ours}
    if "--peers" in sys.argv:
        tools |= {name: partial(peer, name) for name in ("presidio", "openadapt")}
    for name, read in (("presidio-research", presidio), ("pii-anon test_technology", pii_anon)):
        try:
            documents = read(data)
        except FileNotFoundError:
            print(f"{name}: not there, left out")
            continue
        texts = [text for text, _ in documents]
        for tool, find in tools.items():
            spans, seconds = find(texts)
            result = score(documents, spans, errors=tool == "overt" and "--errors" in sys.argv)
            result["characters_per_second"] = sum(map(len, texts)) / seconds
            figures.setdefault(name, {})[tool] = result
            show(name, tool, result)
    if "--json" in sys.argv:
        Path(sys.argv[sys.argv.index("--json") + 1]).write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
