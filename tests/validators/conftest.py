"""An export of ten synthetic episodes in every format, and the programs that read such exports for a living."""

import fcntl
import hashlib
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from overt.dataset.eligible import Eligible
from overt.dataset.engines.here import Here
from overt.dataset.interface import Format
from overt.dataset.judge import RULES, judge_of
from overt.dataset.pipeline import Report, Request, export
from overt.dataset.release import About, Release
from overt.events.redacted import EndFacts, RedactedEvent, RedactedFrame, SessionFacts, Typed
from overt.format.note import NoteSigner
from overt.synth.session import Plan
from overt.trajectory.build import Rules

ROOT = Path(__file__).parents[2]
JUDGES = Path(__file__).parent / "judges"
PLAN = Plan(seed=7, episodes=10, contributors=3, frames=True)
HOSTILE = 'it\'s <image> "quoted" <|im_end|> </tool_call> $café$\n[EMAIL]'
"""What a person may type, and what trips readers."""


SIGNER = NoteSigner.from_seed("admin-0c0c", bytes(range(32)))
ABOUT = About(controller="Example Org", contact="privacy@example.org", jurisdictions=("DE",))


def eligible(index: int, plan: Plan) -> Eligible:
    facts = {"recorder_version": "1", "redactor_version": "1", "grant": "ab" * 16, "notice_sha256": "0" * 64}
    facts |= {"policy_sha256": "1" * 64, "purposes": ("model_training",), "signals": ("clicks", "text")}
    facts |= {"trial": True, "started_on": "2026-11-23", "os_family": "linux", "synthetic": True}
    return Eligible(
        episode_id=f"{index + 1:032x}",
        contributor_key=f"device+{plan.person_of(index)}",
        consent_sha256=f"{7:064x}",
        deletion_tag=f"{index:064x}",
        source_sha256=hashlib.sha256(str(index).encode()).hexdigest(),
        session=SessionFacts.model_validate(facts),
        end=EndFacts(at_ms=0, armed_ms=0, reason="stopped", synthetic=True),
        content=lambda: hostile(index, plan),
    )


def hostile(index: int, plan: Plan) -> Iterator[RedactedEvent | RedactedFrame]:
    """The records of a session, with what trips readers as the first text of each."""
    left = [HOSTILE]
    for record in plan.session(index).records:
        if isinstance(record, Typed) and left:
            yield record.model_copy(update={"text": left.pop(), "withheld": ("EMAIL",)})
        else:
            yield record


def export_to(
    out: Path, formats: tuple[Format, ...] = tuple(Format), holdout: int = 0, plan: Plan = PLAN, *, gaps: bool = True
) -> Report:
    request = Request(
        purpose="model_training",
        trial=True,
        formats=formats,
        out=out,
        release=Release(signer=SIGNER, about=ABOUT, holdout=holdout),
        cohort_floor=1,
        rules=Rules(gaps=gaps),
    )
    episodes = [eligible(index, plan) for index in range(plan.episodes)]
    return export(request, episodes, [], engine=Here([judge_of(RULES)]), progress=lambda: None, log=lambda _: None)


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """What the export of ten synthetic episodes, in every format, says of itself."""
    return export_to(tmp_path_factory.mktemp("validators") / "dataset")


@pytest.fixture(scope="session", name="export_to")
def exporting() -> Callable[..., Report]:
    """Return what exports the ten episodes to a place, in some formats, with some people held out."""
    return export_to


@pytest.fixture(scope="session")
def dataset(report: Report) -> Path:
    return report.out


def environment(name: str) -> Path:
    """Return the interpreter of an environment of other people's programs, built when it is not there."""
    (ROOT / ".envs").mkdir(exist_ok=True)
    with (ROOT / ".envs" / f"{name}.building").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run = subprocess.run([ROOT / ".ci/env", name], capture_output=True, text=True, check=False, timeout=1_500)
    if run.returncode and os.environ.get("CI") != "true":
        pytest.skip(f"the environment {name} cannot be built here: no export is judged by those who read it")
    assert run.returncode == 0, run.stderr[-2_000:]
    return Path(run.stdout.splitlines()[-1]) / "bin/python"


def asking(python: Path, cache: Path) -> Callable[..., Any]:
    """Return what runs a judge in an environment, and reads its verdict."""
    offline = {
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HOME": str(cache),
    }
    told = {**os.environ, **offline, "CUDA_VISIBLE_DEVICES": "", "TOKENIZERS_PARALLELISM": "false"}
    told.pop("PYTHONPATH", None)

    def ask(judge: str, *words: object) -> Any:
        argv = [python, JUDGES / f"{judge}.py", *map(str, words)]
        run = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=240, env=told)
        assert run.returncode == 0, run.stderr[-2_000:]
        return json.loads(run.stdout.splitlines()[-1])

    return ask


@pytest.fixture(scope="session")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Run a judge of the light environment, and return its verdict."""
    return asking(environment("validators"), tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def train(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Run a judge among the trainers, and return its verdict."""
    return asking(environment("trainers"), tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def learn(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Run what trains a small model, and return how well it does."""
    return asking(environment("training"), tmp_path_factory.mktemp("cache"))
