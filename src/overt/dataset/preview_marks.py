"""What was done, drawn over the picture that was seen before it, and said in words."""

from html import escape
from math import atan2, degrees
from typing import Final

from overt.dataset.preview_rows import ActionRow, StepRow
from overt.dataset.preview_text import harmless, marker, plain

_REFERENCE: Final = 1000
"""A picture of this width is drawn upon in units of one pixel."""
_LETTER: Final = 13.3
"""The width of a letter of a label, in units."""
_LABEL: Final = 44
"""Letters of a label at most."""
_NAMES: Final = {
    "click": "click",
    "drag": "drag",
    "scroll": "scroll",
    "type": "type",
    "key": "press",
    "hotkey": "press",
    "navigate": "open",
    "wait": "wait",
    "terminate": "the end",
}
_TIMES: Final = {2: "double ", 3: "triple "}
_PAUSES: Final = ("under 1 s", "1 to 3 s", "3 to 10 s", "10 to 30 s", "30 s or more")
_ARROWS: Final = {"up": 0, "right": 90, "down": 180, "left": 270}
"""Degrees by which an arrow that points up is turned."""
_DOUBLE: Final = 2
_TRIPLE: Final = 3


def words(step: StepRow) -> str:
    """Return what was done, as HTML: one line, and below it what was typed or opened."""
    action = step.action
    name = _NAMES.get(action.kind) or harmless(action.kind, most=40)
    if action.kind == "click":
        button = "" if action.button in {None, "left"} else f"{plain(action.button or '', 12)} "
        name = f"{_TIMES.get(action.count or 1, '')}{button}{name}"
    return f"<b>{_held(action)}{name}</b>{_with(step)}"


def _with(step: StepRow) -> str:
    """Return what it was done with, or to."""
    action = step.action
    target = "" if step.target is None else _element(step.target.role, step.target.name)
    match action.kind:
        case "scroll":
            return f" {_turned(action)}"
        case "type":
            return target + _typed(action)
        case "key" | "hotkey":
            return f" {_keys(action.keys or ())}"
        case "navigate":
            return f'<code class="said">{harmless(action.text or "")}</code>'
        case "wait":
            return f" {_pause(step.gap_bucket)}"
        case _:
            return target


def spoken(step: StepRow) -> str:
    """Return for those who cannot see it what the picture of *step* shows, as the value of an attribute."""
    action = step.action
    where = "" if action.x is None or action.y is None else f" at {action.x}, {action.y}"
    return f"The page before step {step.step_index}: {plain(action.kind, 40)}{where}"


def drawn(step: StepRow) -> str:
    """Return the SVG that is laid over the picture of *step*, in the picture's own pixels."""
    unit = (step.image_width or _REFERENCE) / _REFERENCE
    box = _box(step, unit)
    match step.action.kind:
        case "click":
            return box + _click(step.action, unit)
        case "drag":
            return box + _drag(step.action, unit)
        case "scroll":
            return _scroll(step.action, unit)
        case "type":
            return box + _label(_typed_plainly(step.action), step, unit)
        case "key" | "hotkey":
            return _label(" + ".join(step.action.keys or ()), step, unit)
        case _:
            return ""


def _element(role: str | None, name: str | None) -> str:
    said = f' <span class="quiet">{plain(role or "element", 40)}</span>'
    return said + (f" “{harmless(name, most=80)}”" if name else "")


def _held(action: ActionRow) -> str:
    return "".join(f"<kbd>{plain(each, 20)}</kbd> + " for each in action.modifiers or ())


def _keys(keys: tuple[str, ...]) -> str:
    return " + ".join(f"<kbd>{plain(each, 20)}</kbd>" for each in keys)


def _pause(bucket: int | None) -> str:
    return _PAUSES[bucket] if bucket is not None and 0 <= bucket < len(_PAUSES) else ""


def _typed(action: ActionRow) -> str:
    kinds = action.redaction_types or ()
    if action.text is None:
        withheld = "".join(map(marker, kinds)) or marker("withheld")
        return f'<span class="said">{withheld} <span class="quiet">nothing of it was kept</span></span>'
    return f'<span class="said">{harmless(action.text, kinds)}</span>'


def _typed_plainly(action: ActionRow) -> str:
    return "withheld" if action.text is None else action.text


def _turns(action: ActionRow) -> tuple[tuple[int, str], ...]:
    dx, dy = action.dx or 0, action.dy or 0
    along = ((abs(dy), "up" if dy > 0 else "down"), (abs(dx), "right" if dx > 0 else "left"))
    return tuple((count, way) for count, way in along if count)


def _turned(action: ActionRow) -> str:
    return " and ".join(f"{way} {count:,}" for count, way in _turns(action)) or "by nothing"


def _box(step: StepRow, unit: float) -> str:
    if step.target is None or step.target.box is None:
        return ""
    x, y, width, height = step.target.box
    size = f'width="{max(width, 0)}" height="{max(height, 0)}" rx="{4 * unit:.1f}"'
    return f'<rect class="box" x="{x}" y="{y}" {size} stroke-width="{2.5 * unit:.1f}"/>'


def _placed(x: int | None, y: int | None, unit: float, what: str) -> str:
    return "" if x is None or y is None else f'<g transform="translate({x} {y}) scale({unit:.3f})">{what}</g>'


def _click(action: ActionRow, unit: float) -> str:
    count = action.count or 1
    rings = [17, *([25] * (count >= _DOUBLE)), *([33] * (count >= _TRIPLE))]
    what = "".join(f'<circle class="halo" r="{r}"/><circle class="ring" r="{r}"/>' for r in rings)
    what += '<circle class="dot" r="4.5"/>'
    if action.button not in {None, "left"}:
        what += f'<text class="tag" x="{rings[-1] + 8}" y="7">{plain(action.button or "", 12)}</text>'
    return _placed(action.x, action.y, unit, what)


def _drag(action: ActionRow, unit: float) -> str:
    x, y, x2, y2 = action.x, action.y, action.x2, action.y2
    if x is None or y is None or x2 is None or y2 is None:
        return _placed(x, y, unit, '<circle class="ring" r="9"/>')
    ends = f'x1="{x}" y1="{y}" x2="{x2}" y2="{y2}"'
    line = f'<line class="halo" {ends} stroke-width="{9 * unit:.1f}"/><line class="ring" {ends} '
    line += f'stroke-width="{5 * unit:.1f}"/>'
    head = (
        f'<path class="head" d="M10 0L-16 -12L-10 0L-16 12z" transform="rotate({degrees(atan2(y2 - y, x2 - x)):.1f})"/>'
    )
    return line + _placed(x, y, unit, '<circle class="start" r="7"/>') + _placed(x2, y2, unit, head)


def _scroll(action: ActionRow, unit: float) -> str:
    what = '<circle class="disc" r="24"/>'
    for count, way in _turns(action):
        what += f'<path class="arrow" transform="rotate({_ARROWS[way]})" d="M0 -19L9 -8H4V8H-4V-8H-9z"/>'
        what += f'<text class="tag" x="31" y="{7 if way in {"up", "down"} else 33}">{way} {count:,}</text>'
    return _placed(action.x, action.y, unit, what)


def _label(text: str, step: StepRow, unit: float) -> str:
    """Return *text* on a plate: below the field that it went into, or else at the picture's foot."""
    text = " ".join(text.split())
    shown = plain(text, _LABEL)
    width = 24 + _LETTER * min(len(text), _LABEL + 1)
    box = step.target.box if step.target is not None else None
    wide, high = step.image_width or _REFERENCE, step.image_height or _REFERENCE
    x = min(max(box[0], 0), max(wide - width * unit, 0)) if box else (wide - width * unit) / 2
    y = box[1] + box[3] + 8 * unit if box else high - 60 * unit
    y = min(max(y, 0), max(high - 44 * unit, 0))
    plate = (
        f'<rect class="plate" width="{width:.0f}" height="38" rx="8"/><text class="label" x="12" y="26">{shown}</text>'
    )
    return f'<g transform="translate({x:.1f} {y:.1f}) scale({unit:.3f})">{plate}</g>'


def flag(name: str) -> str:
    """Return a chip for a flag of quality."""
    return f'<span class="flag">{escape(name.replace("_", " "))}</span>'
