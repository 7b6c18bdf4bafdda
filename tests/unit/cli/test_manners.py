"""What scripts and small terminals may rely on: the shape of every answer in JSON, and help that fits a screen."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from overt.cli.app import overt as program

Overt = Callable[..., Any]

SHAPES = {
    ("keys", "list"): {"keys"},
    ("keys", "rotate"): {"epoch"},
    ("consent", "notice"): {"language", "sha256", "notice"},
    ("consent", "status"): {
        "status", "in_force", "grant", "renewal_from", "renewal_due", "days_left", "changed", "gaps",
        "countersigned_at", "may_be_asked",
    },
    ("consent", "decline"): {"status", "in_force", "may_be_asked"},
    ("consent", "receipt"): {"format", "grant", "notice", "verify_with", "countersignature", "countersigned_by"},
    ("doctor",): {"ready", "checks"},
    ("episodes", "list"): {"episodes"},
    ("episodes", "show", "EPISODE"): {"episode", "state", "metadata", "events"},
    ("episodes", "approve", "--all", "--yes"): {"approved"},
    ("episodes", "submit", "SENT"): {"episodes"},
    ("episodes", "sweep"): {"erased", "due", "doubted"},
    ("verify", "SENT"): {"episodes", "findings", "log"},
    ("inspect", "FILE"): {
        "state", "episode_id", "flushes", "leaves", "size", "total", "root", "vkey", "device", "device_trusted",
        "grant", "policy_sha256", "trial", "segments", "sealed_bytes", "rule", "reason", "end_reason",
    },
    ("export", "--purpose", "model_training", "--from", "SENT", "--out", "OUT"): {
        "out", "unchanged", "purpose", "trial", "formats", "episodes", "skipped", "rows", "events_left_out",
        "frames_left_out", "judges", "lossy", "synthetic",
    },
    ("export", "--purpose", "model_training", "--from", "SENT", "--dry-run"): {
        "dry_run", "purpose", "trial", "receiver", "episodes", "would_be_exported", "skipped", "not_looked_at",
    },
    ("export", "verify", "OUT"): {
        "dataset", "manifest_sha256", "signed_by", "trusted", "files", "episodes", "deleted",
    },
    ("export", "preview", "OUT", "--out", "PAGE"): {"out", "bytes", "unchanged", "episodes", "steps", "pictures"},
    ("revocations", "write", "--from", "SENT", "--out", "LIST"): {"out", "handles", "episodes", "unlinked", "unknown"},
    ("revocations", "check", "OUT", "LIST"): {"dataset", "revoked"},
    ("revocations", "apply", "OUT", "LIST", "--out", "COPY"): {"out", "deleted", "kept"},
    ("export", "purge", "OUT", "LIST"): {"dataset", "resumed", "deleted", "kept", "rewritten", "removed"},
    ("incentive", "show"): {"floor", "offers"},
    ("policy", "check", "POLICY"): {"sound", "problems"},
    ("policy", "show", "--notice"): {"notice"},
    ("policy", "sign", "POLICY", "--out", "BUNDLE"): {"bundle", "serial", "admin"},
    ("init", "--all-in-one", "--home", "NEW"): {"home", "role", "trial", "device_key", "keys"},
    ("episodes", "erase", "EPISODE", "--yes"): {"erased"},
    ("consent", "withdraw"): {
        "withdrawn", "withdrawn_before", "shares_destroyed", "episodes_removed", "vault_epoch", "still_to_do",
        "deletion_request", "cannot_undo",
    },
    ("uninstall", "--yes", "--receipt", "RECEIPT"): {
        "home", "removed", "receipt", "withdrawn", "shares_destroyed", "episodes_removed", "orders",
        "deletion_request", "still_to_do", "cannot_undo",
    },
}  # fmt: skip


def test_every_answer_in_json_has_the_shape_that_it_always_had(overt: Overt, episode: str, tmp_path: Path) -> None:
    places = {
        name: tmp_path / name.lower()
        for name in ("SENT", "OUT", "POLICY", "BUNDLE", "NEW", "LIST", "COPY", "RECEIPT", "PAGE")
    }
    places |= {"FILE": tmp_path / "home/employee/episodes" / f"{episode}.ep", "EPISODE": Path(episode)}
    places["POLICY"].write_text(overt("policy", "new", "--trial").out)

    said = {words: overt(*(places.get(word, word) for word in words), "--json") for words in SHAPES}

    assert {words: set(outcome.said) for words, outcome in said.items()} == SHAPES
    assert {words[0] for words, outcome in said.items() if outcome.code != 0} <= {"doctor"}


def screens(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if isinstance(command, click.Group):
            yield from screens(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("path", list(screens(program)), ids=" ".join)
def test_each_help_fits_a_small_terminal(overt: Overt, monkeypatch: pytest.MonkeyPatch, path: tuple[str, ...]) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    lines = overt(*path, "--help").out.splitlines()

    assert len(lines) <= 36
    # The example is one line, however long, so that it can be copied.
    assert max(map(len, lines[:-1])) <= 80
    assert [line for line in lines if line.endswith("...") and not line.startswith("Usage: ")] == []
