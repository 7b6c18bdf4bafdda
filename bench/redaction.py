"""How much of what is secret is withheld, how much else, how fast: python bench/redaction.py [DATA] [--errors].

Two public development sets are read from DATA (default: ../shared/data beside the checkout); they are not shipped, and
what is absent is left out. No rule was written from them. Spans of letters and digits alone count.

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
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from overt.redact.clean import widened
from overt.redact.detect import detect
from overt.redact.echo import Echo
from overt.redact.edit import Edits
from overt.redact.kinds import Kind, Span
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


def same_type(gold: str, kind: Kind) -> bool:
    named = KINDS.get(kind)
    return named == TYPES.get(gold, gold) or (named == SECRETS and TYPES.get(gold) in {"PASSWORD", "API_KEY"})


def shared(gold: Gold, span: Span) -> float:
    common = min(gold[1], span.end) - max(gold[0], span.start)
    return max(0, common) / (max(gold[1], span.end) - min(gold[0], span.start))


def matched(golds: list[Gold], spans: list[Span]) -> Iterator[tuple[Gold, Span]]:
    """Yield pairs, the best first, each gold span and each finding in one pair at most."""
    pairs = [(shared(gold, span), gold, span) for gold in golds for span in spans if same_type(gold[2], span.kind)]
    used: set[int] = set()
    for share, gold, span in sorted(pairs, key=lambda pair: -pair[0]):
        if share >= 0.5 and not used & {id(gold), id(span)}:
            used |= {id(gold), id(span)}
            yield gold, span


def score(name: str, documents: list[Document], *, errors: bool) -> None:
    count, covered, relaxed, strict, precise, predicted = (Counter[str]() for _ in range(6))
    inside = leaked = outside = over = known = 0
    for text, golds in documents:
        spans = detect(text)
        hidden = set[int]().union(*(plain(text, span.start, span.end) for span in spans))
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
        for span in spans:
            predicted[KINDS.get(span.kind, span.kind)] += 1
        for gold, span in matched(golds, spans):
            relaxed[TYPES[gold[2]]] += 1
            strict[TYPES[gold[2]]] += gold[:2] == (span.start, span.end)
            precise[KINDS[span.kind]] += 1
    share = f"over {over / outside:.3f} (known {known / outside:.3f})"
    print(f"{name}: {len(documents)} documents, leak {leaked / inside:.3f}, {share}")
    for kind in dict.fromkeys(TYPES.values()):
        if count[kind]:
            named = SECRETS if kind in {"PASSWORD", "API_KEY"} else kind
            precision, recall = precise[named] / max(1, predicted[named]), relaxed[kind] / count[kind]
            f1 = 2 * precision * recall / max(1e-9, precision + recall)
            shares = f"P {precision:.2f} R {recall:.2f} F1 {f1:.2f}  strict {strict[kind] / count[kind]:.2f}"
            print(f"  {kind:<9} {count[kind]:>5}  cover {covered[kind] / count[kind]:.3f}  {shares}")


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
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    data = Path(words[0]) if words else ROOT.parent / "shared/data"
    own()
    commits()
    searches = [line for line in (VECTORS / "benign.txt").read_text().splitlines() if not line.startswith("# ")]
    speed("searches", searches)
    speed("one long text", ["\n".join(searches)])
    for name, read in (("presidio-research", presidio), ("pii-anon test_technology", pii_anon)):
        try:
            documents = read(data)
        except FileNotFoundError:
            print(f"{name}: not there, left out")
            continue
        score(name, documents, errors="--errors" in sys.argv)
        speed(name, [text for text, _ in documents])


if __name__ == "__main__":
    main()
