"""The recorder holds no network code: nothing in it names a client, and at work it never asks for an address."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.arch

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/overt"
CLIENTS = {"urllib.request", "urllib.error", "urllib.robotparser"}
"""What the contract *no-network* cannot tell from ``urllib.parse``."""

AT_WORK = ("gate", "redact", "store", "recorder")
"""Rooms whose own unit tests are run once more with every Internet socket refused."""

SPARED = {"recorder/test_recovery.py", "recorder/test_power_loss.py"}
"""Kills and power cuts start processes of their own by the hundred; what they call is tried by the other tests."""

REFUSE = """
import os, socket, sys

INTERNET = (socket.AF_INET, socket.AF_INET6)

def refuse(event, arguments):
    if event == "socket.getaddrinfo" or (event == "socket.__new__" and arguments[1] in INTERNET):
        os.write(2, f"network: {event}\\n".encode())
        os._exit(99)

sys.addaudithook(refuse)
"""


def network_imports() -> Iterator[str]:
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            named = {alias.name for alias in node.names} if isinstance(node, ast.Import | ast.ImportFrom) else set()
            if isinstance(node, ast.ImportFrom):
                named = {f"{node.module}.{name}" for name in named} | {str(node.module)}
            yield from (f"{path.relative_to(SOURCE)}: {name}" for name in named & CLIENTS)


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", REFUSE + code],
        env={name: value for name, value in os.environ.items() if name != "DISPLAY"} | {"PYTHONDONTWRITEBYTECODE": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_module_names_a_client_of_the_network() -> None:
    assert list(network_imports()) == []


@pytest.mark.parametrize("address", ["('127.0.0.1', 9)", "('localhost', 9)"], ids=["by number", "by name"])
def test_the_refusal_itself_works(address: str) -> None:
    refused = run(f"socket.create_connection({address})")

    assert (refused.returncode, refused.stderr[:9]) == (99, "network: ")


def test_a_local_socket_is_not_refused() -> None:
    allowed = run("socket.socketpair(); socket.socket(socket.AF_UNIX).close()")

    assert allowed.returncode == 0, allowed.stderr


def at_work() -> Iterator[str]:
    """The files of those rooms, one by one, so that they can run side by side: most of them wait."""
    for room in AT_WORK:
        yield from (f"{room}/{path.name}" for path in sorted((ROOT / "tests/unit" / room).glob("test_*.py")))


@pytest.mark.parametrize("file", sorted(set(at_work()) - SPARED))
def test_the_recording_rooms_work_without_the_network(file: str) -> None:
    # That plugin opens a socket of its own as soon as pytest starts.
    plugins = ["-p", "no:cacheprovider", "-p", "no:rerunfailures"]
    arguments = ["-q", "-x", *plugins, "-m", "not soak and not desktop", f"tests/unit/{file}"]

    work = run(f"import pytest\nsys.exit(pytest.main({arguments}))")

    assert work.returncode == 0, work.stdout[-4000:] + work.stderr[-4000:]
