"""The account of the story: every figure of it, computed from what was left on disk, ready for a table or for JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from overt import __version__
from overt.demo import pictures
from overt.demo.act import Act
from overt.demo.compare import align
from overt.demo.search import Finding
from overt.demo.story import Told

FORMAT: Final = "overt-demo/1"
_BUSY: Final = ("late", "unknown_context")
"""Reasons for which a key of an allowed text is dropped when the recorder is too slow to know where it went."""

LEAST_PICTURED: Final = 0.8
"""The share of the allowed actions that must have a picture; an action may come before its page was ever still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One act in the table: how many of its *wanted* actions were exported as they must be, and what was found of it.

    *noted* are the reasons that the recorder kept for withholding something on its page, in order, each once.
    *steps* are the places of its actions in the export.
    """

    ident: str
    did: str
    why: str
    secret: bool
    planted: bool
    wanted: int
    found: int
    missing: tuple[str, ...]
    steps: tuple[int, ...]
    noted: tuple[str, ...]
    findings: int

    @property
    def good(self) -> bool:
        """Whether all of it was kept that had to be, and nothing that had not."""
        return self.found == self.wanted and self.findings == 0 and (self.planted or not self.secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """All figures. *strays* counts exported texts that no act accounts for; *problems* say why the demo failed."""

    lines: tuple[Line, ...]
    problems: tuple[str, ...]
    strays: int
    figures: dict[str, Any]
    findings: tuple[Finding, ...]

    @property
    def good(self) -> bool:
        """Whether nothing planted was found and nothing allowed is missing."""
        return not self.problems

    def json(self) -> dict[str, Any]:
        """Return everything, as ``summary.json`` has it."""
        acts = [{**asdict(line), "good": line.good} for line in self.lines]
        return {
            "format": FORMAT,
            "version": __version__,
            "good": self.good,
            "problems": list(self.problems),
            "acts": acts,
            "findings": [asdict(each) for each in self.findings],
            **self.figures,
        }


def account_for(told: Told) -> Account:
    """Compute the account of what *told* left behind."""
    findings = (*told.searched.findings, *told.records.findings)
    actions = [step["action"] for step in told.loaded.tables["steps"]]
    wanted = [(act, each) for act in told.acts for each in told.played.wanted[act.ident]]
    places = align([each for _, each in wanted], actions)
    lines = tuple(
        _line(act, told, [(w, p) for (a, w), p in zip(wanted, places, strict=True) if a is act]) for act in told.acts
    )
    strays = _strays(actions, {place for place in places if place is not None})
    figures = {**_kept(told, lines, strays), **_searched(told), **_proven(told)}
    problems = tuple(_problems(lines, strays, figures, findings))
    return Account(lines=lines, problems=problems, strays=strays, figures=figures, findings=findings)


def _line(act: Act, told: Told, found: Sequence[tuple[Mapping[str, object], int | None]]) -> Line:
    findings = [each for each in (*told.searched.findings, *told.records.findings) if each.act == act.ident]
    noted = told.opened.withheld_on(act.page) if act.page else []
    return Line(
        ident=act.ident,
        did=act.did,
        why=act.why,
        secret=act.secret,
        planted=act.ident in told.played.planted,
        wanted=len(found),
        found=sum(place is not None for _, place in found),
        missing=tuple(_named(wanted) for wanted, place in found if place is None),
        steps=tuple(place for _, place in found if place is not None),
        noted=tuple(dict.fromkeys(noted)),
        findings=len(findings),
    )


def _named(wanted: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in wanted.items())


def _strays(actions: Sequence[Mapping[str, Any]], accounted: set[int]) -> int:
    """Count exported texts that no act accounts for: whatever they say, nobody should have kept them."""
    return sum(
        action["kind"] == "type" and bool(action["text"]) and place not in accounted
        for place, action in enumerate(actions)
    )


def _kept(told: Told, lines: Sequence[Line], strays: int) -> dict[str, Any]:
    tables = {name: len(rows) for name, rows in told.loaded.tables.items()}
    images = sum(image is not None for image in told.loaded.images)
    return {
        "actions": {
            "wanted": sum(line.wanted for line in lines),
            "found": sum(line.found for line in lines),
            "pictured": sum(told.loaded.images[place] is not None for line in lines for place in line.steps),
            "exported": tables["steps"],
            "stray_texts": strays,
        },
        "dataset": {"rows": tables, "images": images, "images_decoded": told.loaded.decoded},
        "recorder": {
            "lost": told.opened.lost,
            "armed_ms": told.opened.armed_ms,
            "dropped": dict(sorted(told.opened.dropped.items())),
            "withheld": dict(sorted(told.opened.withheld.items())),
            "stop_seconds": round(told.stop_seconds, 2),
        },
    }


def _searched(told: Told) -> dict[str, Any]:
    images = [image for image in told.loaded.images if image is not None]
    frames = [*told.opened.frames, *images]
    return {
        "search": {
            "secrets": sum(not each.whole for each in told.canaries),
            "places": sum(each.whole for each in told.canaries),
            "patterns": sum(1 for each in told.canaries for _ in each.forms()),
            "files": told.searched.files,
            "bytes": told.searched.size,
            "strings": told.records.strings,
            "found": len(told.searched.findings) + len(told.records.findings),
        },
        "frames": {
            "searched": len(frames),
            "secret_pixels": sum(pictures.secret_pixels(frame) for frame in frames),
            "shown_on_screen": sum(told.played.shown.values()),
        },
    }


def _proven(told: Told) -> dict[str, Any]:
    verdict = told.verdict
    return {
        "episode": {
            "id": told.episode_id,
            "bytes": told.episode_size,
            "state": verdict["state"],
            "finding": verdict["finding"],
            "flushes": verdict.get("flushes"),
            "trial": verdict.get("trial"),
            "records": len(told.opened.content),
            "frames": len(told.opened.frames),
            "changed_copy_refused": told.tampered.code == 1,
        },
        "commands": [
            {"command": ran.command, "code": ran.code, "seconds": round(ran.seconds, 2)} for ran in told.commands
        ],
        "seconds": told.seconds,
    }


def _problems(lines: Sequence[Line], strays: int, figures: Mapping[str, Any], findings: Sequence[Finding]) -> list[str]:
    problems = [f"{line.ident}: the secret was not planted" for line in lines if line.secret and not line.planted]
    problems += [f"{line.ident}: not exported: {missing}" for line in lines for missing in line.missing]
    dropped = figures["recorder"]["dropped"]
    late = ", ".join(f"{name} {dropped[name]}" for name in _BUSY if name in dropped)
    if late and any(line.missing for line in lines):
        problems.append(f"the recorder could not keep up with the person on this machine: it dropped {late}")
    problems += [f"{each.act}: found as {each.form} in {each.where}" for each in findings]
    if strays:
        problems.append(f"{strays} exported texts belong to no act")
    if figures["frames"]["secret_pixels"]:
        problems.append(f"{figures['frames']['secret_pixels']} pixels of the secret colour in frames")
    if not figures["frames"]["shown_on_screen"]:
        problems.append("the screen itself never showed the secrets' colour, so its absence proves nothing")
    if figures["actions"]["pictured"] < figures["actions"]["found"] * LEAST_PICTURED:
        problems.append(f"only {figures['actions']['pictured']} of the allowed actions have a picture")
    episode = figures["episode"]
    if episode["state"] != "closed" or episode["finding"]:
        problems.append(f"the episode does not verify: {episode['state']} {episode['finding']}")
    if not episode["changed_copy_refused"]:
        problems.append("a changed copy of the episode was not refused")
    return problems
