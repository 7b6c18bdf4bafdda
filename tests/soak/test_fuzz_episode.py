"""Coverage-guided fuzzing of the episode reader: no accepted forgery, no untyped error, bounded memory.

``OVERT_FUZZ_SECONDS`` says for how long (120). Run as a program, with a file to report to and libFuzzer's arguments,
this is the fuzzer itself.
"""

import importlib.util
import json
import os
import resource
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, Final

import pytest

SECONDS: Final = int(os.environ.get("OVERT_FUZZ_SECONDS", "120"))
WORKBENCH: Final = Path(__file__).parents[1] / "vectors/episode/workbench.py"
ADDRESSES: Final = 2 << 30
"""Bytes of address space that the fuzzer may have; most of it is libraries that are mapped and not used."""
MEMORY_MB: Final = 160
"""What may be resident at the peak; Python, pydantic and the fuzzer's tables are about 90 of it."""

pytestmark = [pytest.mark.soak, pytest.mark.timeout(SECONDS + 300)]


def test_no_bytes_are_taken_for_an_episode_that_nobody_sealed(tmp_path: Path, record_property: Any) -> None:
    pytest.importorskip("atheris", reason="no atheris here: the episode reader is not fuzzed")
    (tmp_path / "corpus").mkdir()
    limits = [f"-max_total_time={SECONDS}", f"-rss_limit_mb={MEMORY_MB}", "-malloc_limit_mb=64", "-timeout=20"]
    words = ["-max_len=4096", "-print_final_stats=1", f"-artifact_prefix={tmp_path}/", tmp_path / "corpus"]

    run = subprocess.run(
        [sys.executable, __file__, tmp_path / "told.json", *limits, *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS + 240,
    )

    assert run.returncode == 0, run.stderr[-5000:]
    told = json.loads((tmp_path / "told.json").read_text())
    figures = dict(line.removeprefix("stat::").split(":") for line in run.stderr.splitlines() if "stat::" in line)
    record_property("fuzz", told | figures)
    sys.stderr.write(f"{told} {figures}\n")
    assert told["executions"] > 50 * SECONDS
    assert min(told["counted"], told["forged"], told["signed"], told["payloads"], len(told["rules"]) - 15) > 0
    assert int(figures["peak_rss_mb"]) < MEMORY_MB


class Fuzzer:
    """Feeds what libFuzzer invents to the readers of episodes, in five ways, and judges what they make of it."""

    def __init__(self, bench: Any, overt: Any, provider: Any) -> None:
        self._bench = bench
        self._overt = overt
        self._provider = provider
        self._trust = overt.verify.TrustDevice(bench.SECRETS["device"])
        reference = (bench.V1 / "reference.ep").read_bytes()
        self._pool = [
            (member.name, member.data)
            for data in (bench.BASE, reference, bench.after(3).parts[0])
            for member in overt.container.read_members(data)
        ]
        self.told: dict[str, Any] = dict.fromkeys(
            ("executions", "forged", "counted", "signed", "closed", "payloads"), 0
        )
        self.told["rules"] = {}

    def once(self, data: bytes) -> None:
        """Judge one invention; whatever this raises is a finding."""
        self.told["executions"] += 1
        source = self._provider(data)
        ways = (self._members, self._members, self._bytes, self._signed, self._payload, self._keys)
        ways[source.ConsumeIntInRange(0, len(ways) - 1)](source)

    def _verdict(self, data: bytes) -> Any:
        try:
            verdict = self._overt.verify.verify_episode(data, trust=self._trust)
        except self._overt.verify.InvalidEpisodeError as problem:
            self._note(problem.rule)
            return None
        self._note(verdict.rule)
        return verdict

    def _note(self, rule: Any) -> None:
        if rule is not None:
            self.told["rules"][rule.value] = self.told["rules"].get(rule.value, 0) + 1

    def _judge(self, data: bytes) -> None:
        """Whoever has no key of the recorder's gets nothing counted but what the recorder wrote, from its beginning."""
        base = self._bench.BASE
        self.told["forged"] += not base.startswith(data)
        verdict = self._verdict(data)
        if verdict is None:
            return
        self.told["counted"] += 1
        if data[: verdict.size] != base[: verdict.size] or (verdict.state == "closed" and data != base):
            raise AssertionError("bytes count that nobody sealed")

    def _bytes(self, source: Any) -> None:
        base = self._bench.BASE
        start, end = sorted(source.ConsumeIntInRange(0, len(base)) for _ in range(2))
        self._judge(base[:start] + source.ConsumeBytes(source.remaining_bytes()) + base[end:])

    def _members(self, source: Any) -> None:
        """Rearrange the members of three episodes, and change some."""
        members = self._pool[: self._length]
        for _ in range(source.ConsumeIntInRange(1, 4)):
            at = source.ConsumeIntInRange(0, len(members))
            chosen = [self._changed(source) for _ in range(source.ConsumeIntInRange(0, 3))]
            members = [*members[:at], *chosen, *members[at + source.ConsumeIntInRange(0, 2) :]]
        self._judge(b"".join(self._overt.container.render_member(name, data) for name, data in members))

    @property
    def _length(self) -> int:
        return sum(1 for _ in self._overt.container.read_members(self._bench.BASE))

    def _changed(self, source: Any) -> tuple[str, bytes]:
        name, data = self._pool[source.ConsumeIntInRange(0, len(self._pool) - 1)]
        if source.ConsumeBool():
            name = self._pool[source.ConsumeIntInRange(0, len(self._pool) - 1)][0]
        if source.ConsumeBool():
            at = source.ConsumeIntInRange(0, len(data))
            data = data[:at] + source.ConsumeBytes(4) + data[at + source.ConsumeIntInRange(0, 4) :]
        return name, data

    def _signed(self, source: Any) -> None:
        """Write groups of anything as a mad recorder can, under its own keys: nothing may crash, or count twice."""
        bench = self._bench
        header = self._changed_text(source, bench.HEADER.encode())
        writer = bench.opened(header) if source.ConsumeBool() else bench.after(source.ConsumeIntInRange(1, 3))
        for _ in range(source.ConsumeIntInRange(1, 3)):
            members = [self._changed(source) for _ in range(source.ConsumeIntInRange(1, 2))]
            number = len(writer.parts)
            names = [f"seg/{number:08d}.m.age", f"seg/{number:08d}.c.age", "close.json"]
            chosen = [(names[source.ConsumeIntInRange(0, 2)], data) for _, data in members]
            if source.ConsumeBool():
                chosen = [("close.json", self._changed_text(source, bench.MEMBERS["close.json"]))]
            note = self._changed_text(source, bench.MEMBERS["cp/00000001.note"]) if source.ConsumeBool() else None
            writer.group(chosen, note=note)
        data = b"".join(writer.parts)
        verdict = self._verdict(data)
        self.told["signed"] += 1
        if verdict is not None:
            self.told["closed"] += verdict.state == "closed"
            # What counts is whole groups, and says the same alone.
            again = self._verdict(data[: verdict.size])
            if again is None or (again.root, again.flushes, again.rule) != (verdict.root, verdict.flushes, None):
                raise AssertionError("what counts does not count alone")

    def _changed_text(self, source: Any, text: bytes) -> bytes:
        for _ in range(source.ConsumeIntInRange(0, 2)):
            at = source.ConsumeIntInRange(0, len(text))
            text = text[:at] + source.ConsumeBytes(3) + text[at + source.ConsumeIntInRange(0, 3) :]
        return text

    def _payload(self, source: Any) -> None:
        """Read plaintexts that are nearly right: what is taken has one spelling."""
        bench, payload = self._bench, self._overt.payload
        parts = [
            bench.record((b"j", b"p", b"z")[source.ConsumeIntInRange(0, 2)], source.ConsumeBytes(30))
            for _ in range(source.ConsumeIntInRange(0, 3))
        ]
        plaintext = bench.plain(*parts)
        if source.ConsumeBool():
            at = source.ConsumeIntInRange(0, len(plaintext))
            plaintext = plaintext[:at] + source.ConsumeBytes(4) + plaintext[at + source.ConsumeIntInRange(0, 4) :]
        try:
            records = payload.parse_payload(plaintext)
        except self._overt.BrokenRuleError as problem:
            self._note(problem.rule)
            return
        self.told["payloads"] += 1
        if payload.render_payload(records) != plaintext:
            raise AssertionError("a plaintext has another spelling")

    def _keys(self, source: Any) -> None:
        base = self._bench.BASE_KEYS
        start, end = sorted(source.ConsumeIntInRange(0, len(base)) for _ in range(2))
        data = base[:start] + source.ConsumeBytes(source.remaining_bytes()) + base[end:]
        try:
            self._overt.section_keys.parse_keys(data)
        except self._overt.BrokenRuleError as problem:
            self._note(problem.rule)


def load_workbench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("workbench", WORKBENCH)
    assert isinstance(spec, ModuleSpec)
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["workbench"] = module  # its dataclass looks for its own module
    spec.loader.exec_module(module)
    return module


def load_overt() -> Any:
    from overt import verify  # noqa: PLC0415 - it must be instrumented first
    from overt.format import container, payload, rules, section_keys  # noqa: PLC0415 - likewise

    return SimpleNamespace(
        verify=verify,
        container=container,
        payload=payload,
        section_keys=section_keys,
        BrokenRuleError=rules.BrokenRuleError,
    )


def main() -> None:
    import atheris  # noqa: PLC0415 - the test skips when it is absent

    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    with atheris.instrument_imports(include=["overt"]):
        overt, bench = load_overt(), load_workbench()
    fuzzer, out = Fuzzer(bench, overt, atheris.FuzzedDataProvider), Path(sys.argv.pop(1))

    def once(data: bytes) -> None:
        fuzzer.once(data)
        # libFuzzer ends the process itself: what there is to tell must be told on the way.
        if fuzzer.told["executions"] % 500 == 0:
            out.write_text(json.dumps(fuzzer.told))

    atheris.Setup(sys.argv, once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
