"""``README.md``: what people read of a data set, and what ``datasets`` and its hub do."""

from collections.abc import Iterator, Mapping
from typing import Final

from overt.dataset.interface import Format
from overt.dataset.manifest import Account
from overt.dataset.release import Split
from overt.policy.purposes import ALWAYS_PROHIBITED

CARD: Final = "README.md"
_TABLES: Final = ("steps", "episodes", "visits", "queries", "tasks")

_LOADED: Final = {
    Format.AGENTNET: "agentnet/agentnet.jsonl",
    Format.CHAT: "chat/data/*.parquet",
    Format.TRL: "trl/data/*.parquet",
    Format.ANTHROPIC: "anthropic/actions.jsonl",
    Format.OPENAI: "openai/actions.jsonl",
    Format.WEBDATASET: "webdataset/*.tar",
}
"""What ``datasets`` loads of an export without the canonical tables; it makes no table of ATIF's documents."""

_TRIAL: Final = "**This is a trial: no real person's consent stands behind it. Train nothing on it.**"
_SYNTHETIC: Final = """\
**This is synthetic: a program made up every action, text and picture in it. No person was recorded.** Every row
says `synthetic`. What is said of people and consent below holds for recordings; here the people are made up as well."""

_TERMS: Final = """\
Recorded by consent for one purpose, `{purpose}`, and usable for no other{receiver}.
Never use it, or anything made of it, for {prohibited}.
Do not try to find out who a contributor is."""
_INSIDE: Final = """\
Exported by Overt {version}, schema {schema}. `MANIFEST.json` has every file with its SHA-256, every count and every
parameter, and `MANIFEST.note` its signature: `overt export verify DIR`."""
_COLLECTED: Final = """\
People at work recorded themselves, visibly, on a short list of sites, from {first} to {last}: {signals}. They looked
through every episode, took out what they liked, and approved what is left. Typed text, titles and addresses were
redacted while they were recorded, and looked through again at export; `[KIND]` marks what was withheld."""
_PRIVACY: Final = """\
There is no time inside an action, and no pointer path; dwell is in whole seconds. `contributor` is a name of this
release alone, and `consent_receipt_sha256` as well. What may still identify a person: vocabulary, the size of the
window, and the steps of the wheel. An episode that is in two releases can be recognised by what happened in it."""
_BIASES: Final = """\
Who takes part chose to, and chose what to approve; sites, tools and languages are those of one organisation. Nobody
wrote instructions, and nobody judged whether a task succeeded. Doubtful steps are flagged in `quality`, and stay."""
_DELETION: Final = """\
Consent can be withdrawn: delete what the revocation lists that reach you name (`overt revocations apply`), or take the
release that its issuer has purged. {deleted}"""


def card(account: Account) -> str:
    """Return the text of ``README.md``."""
    title = title_of(account)
    lines = ["---", *_yaml(account, title), "---", "", f"# {title}", "", *_warning(account)]
    for heading, text in _sections(account):
        lines += [f"## {heading}", "", text, ""]
    return "\n".join(lines[:-1]) + "\n"


def title_of(account: Account) -> str:
    """Return the name of a data set for people."""
    if account.synthetic:
        return "Synthetic computer-use trajectories: nobody was recorded"
    return "Trial export: not for training" if account.trial else "Consented computer-use trajectories"


def licence_of(account: Account) -> str:
    """Return the short name of the terms of a data set."""
    return f"consent-{account.purpose.replace('_', '-')}"


def terms_of(account: Account) -> str:
    """Return what a data set may be used for, and by whom."""
    receiver = account.about.receiver
    return _TERMS.format(
        purpose=account.purpose,
        receiver=f", by {receiver.name} ({receiver.country})" if receiver else "",
        prohibited=", ".join(use.replace("_", " ") for use in ALWAYS_PROHIBITED),
    )


def _yaml(account: Account, title: str) -> list[str]:
    return [
        f"pretty_name: {title!r}",
        "license: other",
        f"license_name: {licence_of(account)}",
        "license_link: README.md",
        "task_categories:",
        "- image-text-to-text",
        "annotations_creators:",
        "- no-annotation",
        "source_datasets:",
        "- original",
        "tags:",
        *[f"- {tag}" for tag in _tags(account)],
        "size_categories:",
        f"- {_size_category(_size(account))}",
        *_configs(account),
    ]


def _tags(account: Account) -> Iterator[str]:
    yield from ("computer-use", "agent", "overt", "croissant")
    if account.trial:
        yield "trial"
    if account.synthetic:
        yield "synthetic"


def _size(account: Account) -> int:
    steps = (count for name, count in account.rows.items() if name.endswith("steps") or name == "webdataset")
    return account.rows.get("steps", max(steps, default=0))


def _configs(account: Account) -> list[str]:
    if Format.PARQUET in account.formats:
        shown = {table: (table, f"data/{table}-*.parquet") for table in _TABLES}
    else:
        name = next((name for name in account.formats if name in _LOADED), None)
        shown = {} if name is None else {name.value: (name.value, _LOADED[name])}
    # ``datasets`` cannot load a split without rows.
    held = {config: list(_held(account, rows, path)) for config, (rows, path) in shown.items()}
    parts = [[f"- config_name: {config}", "  data_files:", *files] for config, files in held.items() if files]
    if not parts:
        return []
    parts[0].append("  default: true")
    return ["configs:", *(line for part in parts for line in part)]


def _held(account: Account, rows: str, path: str) -> Iterator[str]:
    for split in Split:
        if account.splits.get(split.value, {}).get(rows):
            below = "" if split is Split.TRAIN else f"{split.value}/"
            yield f"  - split: {split.value}"
            yield f"    path: {below}{path}"


def _size_category(rows: int) -> str:
    limits = {1_000: "n<1K", 10_000: "1K<n<10K", 100_000: "10K<n<100K", 1_000_000: "100K<n<1M"}
    return next((name for limit, name in limits.items() if rows < limit), "1M<n<10M")


def _warning(account: Account) -> list[str]:
    return [_SYNTHETIC, ""] if account.synthetic else [_TRIAL, ""] if account.trial else []


def _sections(account: Account) -> Iterator[tuple[str, str]]:
    first, last = account.months
    yield "Terms", terms_of(account)
    if account.about.controller:
        yield "Who answers for it", f"{account.about.controller}, {account.about.contact}"
    yield "What is in it", _INSIDE.format(version=account.version, schema=account.schema)
    yield "Splits", _splits(account)
    yield "How it was collected", _COLLECTED.format(first=first, last=last, signals=", ".join(account.signals))
    yield "Privacy", _PRIVACY
    yield "Limits", _BIASES
    gone = account.deleted
    deleted = f"Since it was made, {gone} episodes were deleted from it." if gone else ""
    yield "Deletion", _DELETION.format(deleted=deleted).rstrip()


def _splits(account: Account) -> str:
    told = [f"- `{split}`: {_rows(rows)}" for split, rows in account.splits.items()]
    rule = "Each person is in one split, in every release that holds out as many." if account.holdout else ""
    held = f"{account.holdout} percent of people are held out." if account.holdout else "Nobody is held out."
    return "\n".join([f"{held} {rule}".rstrip(), "", *told])


def _rows(rows: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sorted(rows.items()))
