"""What the contract *pure-ground* cannot see: the ground floor asks no clock and opens nothing by a builtin."""

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.arch

SOURCE = Path(__file__).parents[2] / "src/overt"
GROUND = [SOURCE / "errors.py", *sorted((SOURCE / "policy").rglob("*.py")), *sorted((SOURCE / "consent").rglob("*.py"))]

IMPURE = {"open", "print", "input", "eval", "exec", "__import__", "breakpoint"}
CLOCKS = {"now", "utcnow", "today"}


def impurities(text: str) -> list[str]:
    calls = [node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    names = [call.id for call in calls if isinstance(call, ast.Name) and call.id in IMPURE]
    return names + [call.attr for call in calls if isinstance(call, ast.Attribute) and call.attr in CLOCKS]


@pytest.mark.parametrize("path", GROUND, ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_ground_floor_is_pure(path: Path) -> None:
    assert impurities(path.read_text()) == []


@pytest.mark.parametrize("line", ["open('x')", "datetime.now(UTC)", "date.today()", "print(1)"])
def test_an_impurity_is_caught(line: str) -> None:
    assert len(impurities(line)) == 1
