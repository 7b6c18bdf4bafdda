"""The size budgets of the house: short functions, small modules, few parameters, named rooms."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.arch

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/overt"
MODULES = {path.relative_to(SOURCE): path.read_text() for path in sorted(SOURCE.rglob("*.py"))}

Function = ast.FunctionDef | ast.AsyncFunctionDef

MAX_FUNCTION, MAX_MODULE, MAX_PARAMETERS = 60, 400, 6

MANY_PARAMETERS: dict[str, str] = {}
"""``file: function`` that takes more parameters than six, and why."""


def functions() -> Iterator[tuple[str, Function, int]]:
    """Yield where each function is, its node, and its body's lines without docstring, blank lines and comments."""
    for path, text in MODULES.items():
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, Function):
                yield f"{path}: {node.name}", node, length(node, lines)


def length(node: Function, lines: list[str]) -> int:
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None and len(node.body) > 1 else node.body
    counted = (line.strip() for line in lines[body[0].lineno - 1 : body[-1].end_lineno])
    return sum(1 for line in counted if line and not line.startswith("#"))


def test_no_function_is_over_60_lines() -> None:
    assert [(where, size) for where, _, size in functions() if size > MAX_FUNCTION] == []


@pytest.mark.parametrize(("share", "lines"), [(0.9, 40), (0.5, 9)], ids=["nine in ten to 40", "half under 10"])
def test_most_functions_are_short(share: float, lines: int) -> None:
    sizes = [size for _, _, size in functions()]

    assert sum(size <= lines for size in sizes) >= share * len(sizes)


def test_no_module_is_over_400_lines() -> None:
    sizes = {str(path): text.count("\n") for path, text in MODULES.items()}

    assert {path: size for path, size in sizes.items() if size > MAX_MODULE} == {}


def test_no_function_takes_more_than_six_parameters_without_a_reason() -> None:
    many = {where for where, node, _ in functions() if not is_command(node) and parameters(node) > MAX_PARAMETERS}

    assert many == MANY_PARAMETERS.keys()


def parameters(node: Function) -> int:
    named = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len([name for name in named if name not in {"self", "cls"}])


def is_command(node: Function) -> bool:
    """Say whether click calls it: its parameters are then the command's options, each with its own help."""
    decorators = " ".join(map(ast.unparse, node.decorator_list))
    return "command(" in decorators or "invoke_without_command=True" in decorators


def test_no_module_is_a_drawer() -> None:
    drawers = {"util", "utils", "helper", "helpers", "common", "manager", "misc"}

    assert [
        str(path) for path in MODULES if {part.removesuffix(".py").strip("_") for part in path.parts} & drawers
    ] == []


def test_every_module_says_what_it_is() -> None:
    assert [str(path) for path, text in MODULES.items() if not ast.get_docstring(ast.parse(text))] == []


def test_no_package_is_a_facade() -> None:
    facades = [path for path in MODULES if path.name == "__init__.py" and imports(MODULES[path])]

    assert facades == []


def imports(text: str) -> bool:
    return any(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.walk(ast.parse(text)))
