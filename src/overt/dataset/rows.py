"""Rows of the canonical tables, as plain values that fit the schemas."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Final

from overt import __version__
from overt.dataset.interface import FRAME_RULE, SCHEMA_VERSION, Episode, FrameReader, Provenance
from overt.events.redacted import Target
from overt.trajectory.action import Action
from overt.trajectory.build import Trajectory
from overt.trajectory.step import Quality, Step
from overt.trajectory.task import Task, task_of
from overt.trajectory.visit import PageVisit, SearchQuery

Row = dict[str, Any]

_ACTION: Final = tuple(each.name for each in fields(Action) if each.name != "target")
_QUALITY: Final = tuple(each.name for each in fields(Quality))


def step_rows(episode: Episode, frames: FrameReader) -> Iterator[Row]:
    """Yield a row of ``steps`` for each action of *episode*."""
    rights = _rights(episode.provenance)
    for trajectory in episode.trajectories:
        which = _which(episode, trajectory) | rights | {"n_steps": len(trajectory.steps), "instruction": None}
        tasks = task_of(trajectory.tasks, len(trajectory.steps))
        for step, task in zip(trajectory.steps, tasks, strict=True):
            yield which | _step(step) | {"task": task} | _picture(step, frames)


def episode_rows(episode: Episode) -> Iterator[Row]:
    """Yield a row of ``episodes`` for each trajectory of *episode*."""
    origin = episode.provenance
    shared = _rights(origin) | {
        "instruction": None,
        "end_reason": origin.end_reason,
        "signals": origin.signals,
        "os_family": origin.os_family,
        "created_month": origin.month,
        "recorder_version": origin.recorder_version,
        "redactor_version": origin.redactor_version,
        "exporter_version": __version__,
        "source_sha256": origin.source_sha256,
    }
    for trajectory in episode.trajectories:
        yield (
            _which(episode, trajectory)
            | shared
            | {
                "sites": sorted({visit.site for visit in trajectory.visits}),
                "n_steps": len(trajectory.steps),
                "n_visits": len(trajectory.visits),
                "action_sequence": [step.action.kind.value for step in trajectory.steps],
                "end": trajectory.end.value,
            }
        )


def visit_rows(episode: Episode) -> Iterator[Row]:
    """Yield a row of ``visits`` for each stay on a page."""
    rights = _rights(episode.provenance)
    for trajectory in episode.trajectories:
        which = _which(episode, trajectory) | rights
        for visit in trajectory.visits:
            yield which | _visit(visit)


def query_rows(episode: Episode) -> Iterator[Row]:
    """Yield a row of ``queries`` for each search."""
    rights = _rights(episode.provenance)
    for trajectory in episode.trajectories:
        which = _which(episode, trajectory) | rights
        for index, search in enumerate(trajectory.queries):
            yield which | _query(index, search)


def task_rows(episode: Episode) -> Iterator[Row]:
    """Yield a row of ``tasks`` for each task."""
    rights = _rights(episode.provenance)
    for trajectory in episode.trajectories:
        which = _which(episode, trajectory) | rights
        for task in trajectory.tasks:
            yield which | _task(task, trajectory)


def _which(episode: Episode, trajectory: Trajectory) -> Row:
    return {
        "schema_version": SCHEMA_VERSION,
        "episode_id": episode.provenance.episode_id,
        "trajectory": trajectory.index,
    }


def _rights(origin: Provenance) -> Row:
    return {
        "contributor": origin.contributor,
        "consent_receipt_sha256": origin.consent_sha256,
        "deletion_tag": origin.deletion_tag,
        "policy_sha256": origin.policy_sha256,
        "trial": origin.trial,
        "synthetic": origin.synthetic,
        "split": origin.split,
    }


def _step(step: Step) -> Row:
    action, quality = step.action, step.quality
    return {
        "step_index": step.index,
        "site": step.site,
        "area": step.area,
        "visit": step.visit,
        "gap_bucket": step.gap_bucket,
        "action": {name: getattr(action, name) for name in _ACTION},
        "target": _target(action.target),
        "quality": {name: getattr(quality, name) for name in _QUALITY},
    }


def _target(target: Target | None) -> Row | None:
    return None if target is None else {"role": target.role, "name": target.name, "box": target.box}


def _picture(step: Step, frames: FrameReader) -> Row:
    frame = step.frame
    if frame is None:
        return {"image": None, "image_width": None, "image_height": None, "image_sha256": None, "frame_rule": None}
    return {
        "image": {"bytes": frames(frame.sha256), "path": f"{frame.sha256}.png"},
        "image_width": frame.width,
        "image_height": frame.height,
        "image_sha256": frame.sha256,
        "frame_rule": FRAME_RULE,
    }


def _visit(visit: PageVisit) -> Row:
    return {
        "visit": visit.number,
        "site": visit.site,
        "area": visit.area,
        "url": visit.url,
        "title": visit.title,
        "query": visit.query,
        "arrived": visit.arrived,
        "left": visit.left,
        "dwell_s": visit.dwell_s,
        "first_step": visit.first_step,
        "n_steps": visit.n_steps,
    }


def _query(index: int, search: SearchQuery) -> Row:
    clicks = [
        {"step_index": click.step, "role": click.role, "name": click.name}
        | {"to_visit": click.to_visit, "off_list": click.off_list}
        for click in search.clicks
    ]
    return {
        "query_index": index,
        "site": search.site,
        "area": search.area,
        "query": search.query,
        "visits": search.visits,
        "clicks": clicks,
    }


def _task(task: Task, trajectory: Trajectory) -> Row:
    numbers = set(task.visits)
    return {
        "task_index": task.index,
        "kind": task.kind,
        "query": trajectory.queries[task.queries[0]].query if task.queries else None,
        "queries": task.queries,
        "sites": sorted({visit.site for visit in trajectory.visits if visit.number in numbers}),
        "visits": task.visits,
        "first_step": task.first_step,
        "n_steps": task.n_steps,
        "dwell_s": task.dwell_s,
        "results_opened": task.results_opened,
    }
