"""Each stage type has one maker: forging a later stage anywhere else is a defect.

This reads the source. It does not see ``type(event)(...)`` or ``getattr``; mypy and the contracts stand beside it.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

pytestmark = pytest.mark.arch

SOURCE = Path(__file__).parents[2] / "src/overt"

MAKERS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("RawKey", "RawButton", "RawScroll", "RawMove", "RawFrame"), ("capture",)),
    **dict.fromkeys(("Context", "Window", "Document", "FieldInfo", "FieldChange"), ("focus",)),
    **dict.fromkeys(("Admitted", "Dropped"), ("gate",)),
    **dict.fromkeys(("PageEntered", "PageLeft", "Clicked", "Dragged", "Scrolled", "Moved"), ("redact", "synth")),
    **dict.fromkeys(("Typed", "Pressed", "Withheld"), ("redact", "synth")),
    "Target": ("redact", "synth", "dataset"),
    "FrameTaken": ("redact", "synth"),
    "RedactedFrame": ("redact", "synth", "unseal"),
    **dict.fromkeys(("SessionFacts", "FlushFacts", "EndFacts"), ("recorder", "synth")),
    **dict.fromkeys(("REDACTED", "META"), ("unseal",)),
}
"""Stage type to the rooms that may make one. ``unseal`` only reads back: by the two adapters, and whole frames.

``dataset`` reads targets back from its own tables, which it wrote of such.
"""


def forgeries(source: Path) -> list[str]:
    """Return ``file:line: Type`` for each stage type under *source* that is made outside its maker's room."""
    return [
        f"{path.relative_to(source)}:{line}: {made}"
        for path in sorted(source.rglob("*.py"))
        for made, line in makings(ast.parse(path.read_text()))
        if path.relative_to(source).parts[0].removesuffix(".py") not in MAKERS[made]
    ]


def makings(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield every stage type that *tree* calls, by whatever name it was imported, or by a method of its class."""
    aliases = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("overt.events")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from ((name, node.lineno) for name in dotted(node.func, aliases) if name in MAKERS)


def dotted(function: ast.expr, aliases: Mapping[str, str]) -> Iterator[str]:
    """Yield the parts of a dotted name, last first: ``redacted.Typed.model_construct`` has three."""
    while isinstance(function, ast.Attribute):
        yield function.attr
        function = function.value
    if isinstance(function, ast.Name):
        yield aliases.get(function.id, "")


def test_each_stage_type_is_made_in_its_own_room_alone() -> None:
    assert forgeries(SOURCE) == []


@pytest.mark.parametrize(
    "forged",
    [
        "from overt.events.redacted import Typed\nTyped(at_ms=0, visit=1, text='x')",
        "from overt.events.redacted import Typed as Note\nNote(at_ms=0, visit=1, text='x')",
        "from overt.events.redacted import Typed\nTyped.model_construct(text='x')",
        "import overt.events.redacted\novert.events.redacted.Typed(at_ms=0, visit=1, text='x')",
        "from overt.events import redacted\nredacted.Typed(at_ms=0, visit=1, text='x')",
    ],
    ids=["by name", "by alias", "unvalidated", "by path", "by module"],
)
def test_a_forged_maker_is_caught(forged: str, tmp_path: Path) -> None:
    (tmp_path / "seal.py").write_text(forged)

    assert forgeries(tmp_path) == ["seal.py:2: Typed"]


def test_the_rightful_maker_is_not(tmp_path: Path) -> None:
    (tmp_path / "redact.py").write_text("from overt.events.redacted import Typed\nTyped(at_ms=0, visit=1, text='x')")

    assert forgeries(tmp_path) == []
