"""Coverage-guided fuzzing of the age reader: no accepted forgery, no untyped error, bounded memory.

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
from types import ModuleType
from typing import Any, Final

import pytest

SECONDS: Final = int(os.environ.get("OVERT_FUZZ_SECONDS", "120"))
FORGERIES: Final = Path(__file__).parents[1] / "property/test_format_age.py"
ADDRESSES: Final = 2 << 30
"""Bytes of address space that the fuzzer may have; most of it is libraries that are mapped and not used."""
MEMORY_MB: Final = 128
"""What may be resident at the peak; Python, hypothesis and the fuzzer's tables are about 70 of it."""
CHUNK: Final = 64
"""A small chunk makes files of many chunks cheap: nothing in the reader depends on the size."""

pytestmark = [pytest.mark.soak, pytest.mark.timeout(SECONDS + 300)]


def test_no_bytes_are_taken_for_a_file_that_nobody_wrote(tmp_path: Path, record_property: Any) -> None:
    pytest.importorskip("atheris", reason="no atheris here: the age reader is not fuzzed")
    (tmp_path / "corpus").mkdir()
    limits = [f"-max_total_time={SECONDS}", f"-rss_limit_mb={MEMORY_MB}", "-malloc_limit_mb=64", "-timeout=20"]
    words = ["-max_len=8192", "-print_final_stats=1", f"-artifact_prefix={tmp_path}/", tmp_path / "corpus"]

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
    assert told["opened"] > 0
    assert int(figures["peak_rss_mb"]) < MEMORY_MB


class Fuzzer:
    """Feeds what libFuzzer invents to the readers of age files, in four ways, and judges what they make of it."""

    def __init__(self, forgeries: Any, provider: Any) -> None:
        self._forgeries = forgeries
        self._provider = provider
        self._files = [*forgeries.originals(1), *forgeries.originals(3)]
        self._pieces = [forgeries.pieces(data) for data in self._files]
        self._known = [known for data in self._files if (known := self._opened_header(data))]
        self.told = {"executions": 0, "opened": 0, "forged": 0, "rewritten": 0, "armored": 0}

    def once(self, data: bytes) -> None:
        """Judge one invention; whatever this raises is a finding."""
        self.told["executions"] += 1
        source = self._provider(data)
        way = (self._forge, self._forge, self._write, self._bytes, self._armor)[source.ConsumeIntInRange(0, 4)]
        way(source)

    def _forge(self, source: Any) -> None:
        """Put pieces of good files together: nothing else than one of those may be opened."""
        data = self._forgeries.forged(lambda most: source.ConsumeIntInRange(0, most), self._pieces)
        self.told["forged"] += data not in self._files
        self._judge(data, self._files)

    def _bytes(self, source: Any) -> None:
        """Put raw bytes in the place of a good file, or into the middle of one."""
        good = self._files[source.ConsumeIntInRange(0, len(self._files) - 1)]
        start, end = sorted(source.ConsumeIntInRange(0, len(good)) for _ in range(2))
        data = good[:start] + source.ConsumeBytes(source.remaining_bytes()) + good[end:]
        self._judge(data, self._files)

    def _write(self, source: Any) -> None:
        """Invent stanzas under a MAC that is right, as a recipient can: the plaintext is still the one written."""
        stanza, file_key, payload, plaintext = self._known[source.ConsumeIntInRange(0, len(self._known) - 1)]
        stanzas = [self._stanza(source) for _ in range(source.ConsumeIntInRange(0, 3))]
        stanzas.insert(source.ConsumeIntInRange(0, len(stanzas)), stanza)
        header = self._forgeries.age_header.render(stanzas, file_key)
        found = self._forgeries.opened(header + (source.ConsumeBytes(200) if source.ConsumeBool() else payload))
        self.told["rewritten"] += bool(found)
        if set(found) - {plaintext}:
            raise AssertionError("a payload was opened that nobody wrote")

    def _opened_header(self, data: bytes) -> tuple[Any, bytes, bytes, bytes] | None:
        """Return the last stanza, the file key, payload and plaintext of a file, unless a passphrase locks it."""
        foreign, identities = self._forgeries.age_foreign, self._forgeries.IDENTITIES
        try:
            file_key, payload = foreign.age_read.open_header(data, identities, foreign.ALL_KINDS)
        except self._forgeries.KeyAccessError:
            return None
        stanza = self._forgeries.age_header.parse(data).stanzas[-1]
        return stanza, file_key, bytes(payload), foreign.decrypt(data, identities, accept=foreign.ALL_KINDS)

    def _stanza(self, source: Any) -> Any:
        kinds = ("X25519", "mlkem768x25519", "scrypt", "x25519", "grease")
        kind = kinds[source.ConsumeIntInRange(0, len(kinds) - 1)]
        lengths = (0, 16, 31, 32, 33, 1119, 1120, 1121)
        words = [
            self._forgeries.text64.encode_bare(self._filled(source, lengths[source.ConsumeIntInRange(0, 7)]))
            for _ in range(source.ConsumeIntInRange(0, 2))
        ]
        body = self._filled(source, (0, 31, 32, 33, 48)[source.ConsumeIntInRange(0, 4)])
        arguments = tuple(word for word in words if word)
        return self._forgeries.Stanza(type=kind, arguments=arguments, body=body)

    @staticmethod
    def _filled(source: Any, length: int) -> bytes:
        data: bytes = source.ConsumeBytes(length)
        return data.ljust(length, b"\x00")

    def _armor(self, source: Any) -> None:
        """Change armored text: what is taken has one spelling."""
        forgeries = self._forgeries
        text = forgeries.armored(source.ConsumeBytes(100)).encode()
        for _ in range(source.ConsumeIntInRange(0, 3)):
            text = forgeries.damaged(lambda most: source.ConsumeIntInRange(0, most), text)
        try:
            data = forgeries.age_armor.decode(text)
        except forgeries.AgeArmorError:
            return
        self.told["armored"] += 1
        if text.replace(b"\r\n", b"\n").strip(b" \t\r\n") != forgeries.armored(data).encode():
            raise AssertionError("armor has another spelling")

    def _judge(self, data: bytes, files: list[bytes]) -> None:
        found = self._forgeries.opened(data)
        self.told["opened"] += bool(found)
        if found and data not in files:
            raise AssertionError("a file was opened that nobody wrote")


def load_forgeries() -> ModuleType:
    """Load the forgeries of the property tests, with chunks made small before anything is written."""
    from overt.format import age_stream  # noqa: PLC0415 - it must be instrumented first

    age_stream.CHUNK, age_stream._SEALED = CHUNK, CHUNK + age_stream._TAG  # type: ignore[misc]
    spec = importlib.util.spec_from_file_location("forgeries", FORGERIES)
    assert isinstance(spec, ModuleSpec)
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    import atheris  # noqa: PLC0415 - the test skips when it is absent

    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    with atheris.instrument_imports(include=["overt"]):
        forgeries = load_forgeries()
    fuzzer, out = Fuzzer(forgeries, atheris.FuzzedDataProvider), Path(sys.argv.pop(1))

    def once(data: bytes) -> None:
        fuzzer.once(data)
        # libFuzzer ends the process itself: what there is to tell must be told on the way.
        if fuzzer.told["executions"] % 500 == 0:
            out.write_text(json.dumps(fuzzer.told))

    atheris.Setup(sys.argv, once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
