"""What exporting costs: actions per CPU second without frames, and CPU milliseconds per step with untouched frames.

Run: ``python bench/export.py [--actions N] [--frames N] [--runs N]``; the figures go to standard output as JSON.
"""

import argparse
import hashlib
import json
import os
import platform
import random
import resource
import statistics
import struct
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from overt.dataset.eligible import Eligible
from overt.dataset.engines.here import Here
from overt.dataset.interface import Format
from overt.dataset.judge import RULES, judge_of
from overt.dataset.pipeline import Request, export
from overt.dataset.release import About, Release
from overt.events.redacted import REDACTED, EndFacts, FrameTaken, RedactedEvent, RedactedFrame, SessionFacts
from overt.format import age_read, age_write
from overt.format.note import NoteSigner
from overt.keys.recipients import RoleRecipients
from overt.seal import EpisodeSealer
from overt.unseal.content import read_content
from overt.verify import TrustDevice, verify_episode

WIDTH, HEIGHT = 1280, 800
SIGNER = NoteSigner.from_seed("admin-bench", bytes(range(32)))
METHOD = (
    "time.process_time over reading the stored JSON records back, the second look with the detectors, the reduction "
    "and all four Parquet tables of one made-up session, written and synced to disk; minimum of the runs, after one to "
    "warm up; decryption is in the sealed figure alone, where each record has a flush of its own and the file is "
    "verified first: opening a flush is what costs there; frames are noisy PNG files, each used by one step and not "
    "re-encoded"
)


def records(actions: int, seed: int) -> Iterator[dict[str, object]]:
    """The stored records of a session: a search, its results and an article, over and over."""
    choose = random.Random(seed)
    words = ["alan", "turing", "enigma", "bombe", "bletchley", "computer", "history", "article", "paper", "machine"]
    at_ms = made = visit = 0
    while made < actions:
        visit += 1
        query = " ".join(choose.sample(words, 3))
        page = {"site": "google", "area": "google/search", "title": query, "query": query, "arrived": "click"}
        url = f"https://www.google.com/search?q={query.replace(' ', '+')}"
        yield {"kind": "page_entered", "at_ms": at_ms, "visit": visit, "url": url, **page}
        for _ in range(min(10, actions - made)):
            at_ms += 100 * choose.randint(3, 40)
            yield action(choose, words, visit, at_ms)
            made += 1
        yield {"kind": "page_left", "at_ms": at_ms, "visit": visit, "dwell_ms": 5_000, "off_list": False}


def action(choose: random.Random, words: list[str], visit: int, at_ms: int) -> dict[str, object]:
    x, y = choose.randrange(WIDTH), choose.randrange(HEIGHT)
    where = {"at_ms": at_ms, "visit": visit}
    match choose.randrange(5):
        case 0 | 1:
            target = {"role": "link", "name": " ".join(choose.sample(words, 2)), "box": [x, y, 50, 12]}
            return {"kind": "click", **where, "button": "left", "x": x, "y": y, "target": target}
        case 2:
            return {"kind": "scroll", **where, "x": x, "y": y, "dx": 0, "dy": -3}
        case 3:
            return {"kind": "type", **where, "text": " ".join(choose.choices(words, k=5))}
        case _:
            return {"kind": "key", **where, "keys": ["enter"]}


def stored(actions: int) -> list[bytes]:
    return [json.dumps(record).encode() for record in records(actions, seed=1)]


def with_frames(lines: list[bytes], frames: list[bytes]) -> Callable[[], Iterator[RedactedEvent | RedactedFrame]]:
    """Read *lines* back, with one frame before each action until there are no more."""

    def content() -> Iterator[RedactedEvent | RedactedFrame]:
        left = iter(enumerate(frames, start=1))
        for line in lines:
            event = REDACTED.validate_json(line)
            if event.kind not in {"page_entered", "page_left"}:
                number, png = next(left, (0, b""))
                if png:
                    yield frame(number, png, event.visit, event.at_ms)
            yield event

    return content


def frame(number: int, png: bytes, visit: int, at_ms: int) -> RedactedFrame:
    sha256 = hashlib.sha256(png).hexdigest()
    event = FrameTaken(visit=visit, at_ms=at_ms, frame=number, width=WIDTH, height=HEIGHT, sha256=sha256, masks=2)
    return RedactedFrame(event=event, png=png)


def picture(seed: int) -> bytes:
    """A page-like PNG of about 150 kB: flat bands, and noise that does not compress."""
    choose = random.Random(seed)
    noise = choose.randbytes(150_000)
    rows = bytearray()
    for row in range(HEIGHT):
        speckle = noise[row * 180 : row * 180 + 180]
        rows += b"\0" + speckle + bytes([240]) * (3 * WIDTH - len(speckle))
    body = zlib.compress(bytes(rows), 1)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def episode(content: Callable[[], Iterator[RedactedEvent | RedactedFrame]]) -> Eligible:
    session = SessionFacts(
        recorder_version="1",
        redactor_version="1",
        grant="0" * 32,
        notice_sha256="0" * 64,
        policy_sha256="0" * 64,
        purposes=("model_training",),
        signals=("clicks", "text"),
        trial=False,
        started_on="2026-01-01",
        os_family="linux",
    )
    return Eligible(
        episode_id="0" * 32,
        contributor_key="device+1",
        consent_sha256="2" * 64,
        deletion_tag="4" * 64,
        source_sha256="3" * 64,
        session=session,
        end=EndFacts(at_ms=0, armed_ms=0, reason="stopped"),
        content=content,
    )


def sealed(lines: list[bytes]) -> tuple[Callable[[], Iterator[RedactedEvent | RedactedFrame]], int]:
    """Seal *lines* with one flush each, the worst that a recorder does, and say how to verify and read them."""
    exporter, vault = age_write.new_identity(), age_write.new_identity()
    device = NoteSigner.generate("device-bench")
    roles = RoleRecipients(auditor=exporter.recipient, exporter=exporter.recipient, employee=exporter.recipient)
    sealer, opening = EpisodeSealer.begin(
        grant="0" * 32,
        policy_sha256="0" * 64,
        trial=False,
        device=device,
        roles=roles,
        vault_recipient=vault.recipient,
    )
    flushes = [sealer.flush(meta=[], content=[REDACTED.validate_json(line)]) for line in lines]
    data = b"".join([opening.first, *flushes, sealer.close(reason="stopped")])
    share = age_read.decrypt(opening.shares["c"], [vault.text]).decode().split()[-1]

    def content() -> Iterator[RedactedEvent | RedactedFrame]:
        verify_episode(data, trust=TrustDevice(device.vkey))
        return read_content(data, opening.keys, role_identity=exporter.text, share=share)

    return content, len(data)


def cpu_seconds(content: Callable[[], Iterator[RedactedEvent | RedactedFrame]], runs: int) -> tuple[list[float], int]:
    """CPU seconds of each run, and the number of steps written."""
    taken = []
    steps = 0
    for _ in range(runs + 1):
        with tempfile.TemporaryDirectory() as directory:
            out = Path(directory) / "out"
            request = Request(
                purpose="model_training",
                trial=False,
                formats=(Format.PARQUET,),
                out=out,
                release=Release(signer=SIGNER, about=About(), holdout=0),
                cohort_floor=1,
            )
            start = time.process_time()
            report = export(
                request,
                [episode(content)],
                [],
                engine=Here([judge_of(RULES)]),
                progress=lambda: None,
                log=lambda _: None,
            )
            taken.append(time.process_time() - start)
            steps = report.account.rows["steps"]
    return taken[1:], steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--actions", type=int, default=20_000)
    parser.add_argument("--frames", type=int, default=400)
    parser.add_argument("--sealed", type=int, default=1_000, help="actions in a sealed episode, one flush each")
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    plain, steps = cpu_seconds(with_frames(stored(asked.actions), []), asked.runs)
    frames = [picture(seed) for seed in range(asked.frames)]
    pictured, shown = cpu_seconds(with_frames(stored(asked.frames), frames), asked.runs)
    read_back, size = sealed(stored(asked.sealed))
    opened, unsealed = cpu_seconds(read_back, asked.runs)
    result = {
        "actions_per_cpu_second": round(steps / min(plain)),
        "cpu_ms_per_step_with_frame": round(1000 * min(pictured) / shown, 2),
        "actions_per_cpu_second_from_sealed_file": round(unsealed / min(opened)),
        "targets": {"actions_per_cpu_second": 15_000, "cpu_ms_per_step_with_frame": 5},
        "spread": {"plain_s": spread(plain), "pictured_s": spread(pictured), "sealed_s": spread(opened)},
        "steps": {"plain": steps, "pictured": shown, "sealed": unsealed},
        "sealed_mb": round(size / 1e6, 1),
        "frame_kb": round(statistics.mean(map(len, frames)) / 1000),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "machine": {"cpus": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
        "method": METHOD,
    }
    json.dump(result, sys.stdout, indent=2)
    sys.stdout.write("\n")


def spread(values: list[float]) -> list[float]:
    return [round(min(values), 3), round(statistics.median(values), 3), round(max(values), 3)]


if __name__ == "__main__":
    main()
