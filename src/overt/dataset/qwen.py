"""The ``computer_use`` tool of Qwen's models, in their text form: coordinates are thousandths of the picture."""

import json
import re
from typing import Final

from overt.dataset.calls import SCROLL_PX, Call, Said, Vocabulary, point, text_losses, unsaid, wait_seconds
from overt.trajectory.action import Action, Kind
from overt.trajectory.step import Step

GRID: Final = 1_000
"""Coordinates run from 0 to 999: some models are said to count to 1000, others to 999, and this fits both."""

ACTIONS: Final = (
    *("key", "type", "mouse_move", "left_click", "left_click_drag", "right_click", "middle_click", "double_click"),
    *("triple_click", "scroll", "hscroll", "wait", "terminate"),
)
_PARAMETERS: Final = {
    "action": {"type": "string", "enum": list(ACTIONS)},
    "keys": {"type": "array", "items": {"type": "string"}},
    "text": {"type": "string"},
    "coordinate": {"type": "array", "items": {"type": "integer"}, "description": "x and y in thousandths"},
    "pixels": {"type": "integer", "description": "positive is up, or right"},
    "time": {"type": "number", "description": "seconds"},
    "status": {"type": "string", "enum": ["success", "failure"]},
}
TOOL: Final = {
    "type": "function",
    "function": {
        "name": "computer_use",
        "description": "Use a mouse and a keyboard, and look at the screen.",
        "parameters": {"type": "object", "properties": _PARAMETERS, "required": ["action"]},
    },
}
SYSTEM: Final = (
    "# Tools\n\nYou may call one or more functions to act.\n\nYou are provided with function signatures within "
    f"<tools></tools> XML tags:\n<tools>\n{json.dumps(TOOL)}\n</tools>\n\nFor each function call, return a json object "
    "with function name and arguments within <tool_call></tool_call> XML tags."
)

_CLICKS: Final = {
    ("left", 1): "left_click",
    ("left", 2): "double_click",
    ("left", 3): "triple_click",
    ("right", 1): "right_click",
    ("middle", 1): "middle_click",
}
_SPECIAL: Final = re.compile(r"<(?=(?:image|video|audio)>|/?tool_call>|\|)")
"""Where a trainer or a tokenizer would read more than the text that somebody typed."""
_ZERO_WIDTH: Final = "\u200b"


def escaped(text: str) -> str:
    """Return *text* with a zero-width space in whatever a trainer would count as a picture or read as its own mark."""
    return _SPECIAL.sub(f"<{_ZERO_WIDTH}", text)


def written(calls: tuple[Call, ...]) -> str:
    """Return *calls* as what the model says."""
    said = (json.dumps({"name": "computer_use", "arguments": call}, ensure_ascii=False) for call in calls)
    return "\n".join(f"<tool_call>\n{each}\n</tool_call>" for each in said)


def _at(step: Step, x: int | None, y: int | None) -> list[int]:
    assert step.frame is not None
    across, down = point(x, y)
    return [
        min(GRID - 1, round(across * GRID / step.frame.width)),
        min(GRID - 1, round(down * GRID / step.frame.height)),
    ]


def _click(action: Action, step: Step) -> Said:
    name = _CLICKS.get((action.button or "", action.count or 1))
    if name is None:
        return unsaid("button")
    lossy = ("modifier_click",) if action.modifiers else ()
    return Said(calls=({"action": name, "coordinate": _at(step, action.x, action.y)},), lossy=lossy)


def _drag(action: Action, step: Step) -> Said:
    if action.button != "left":
        return unsaid("button")
    start: Call = {"action": "mouse_move", "coordinate": _at(step, action.x, action.y)}
    end: Call = {"action": "left_click_drag", "coordinate": _at(step, action.x2, action.y2)}
    return Said(calls=(start, end), lossy=("modifier_drag",) if action.modifiers else ())


def _scroll(action: Action, step: Step) -> Said:
    where = _at(step, action.x, action.y)
    turns = (("scroll", action.dy or 0), ("hscroll", action.dx or 0))
    calls: tuple[Call, ...] = tuple(
        {"action": name, "coordinate": where, "pixels": turn * SCROLL_PX} for name, turn in turns if turn
    )
    return Said(calls=calls, lossy=("scroll_scale",))


def _typing(action: Action) -> Call:
    return {"action": "type", "text": escaped(action.text or "")}


def _token_losses(action: Action) -> tuple[str, ...]:
    return ("media_token",) if _SPECIAL.search(action.text or "") else ()


def _key(*keys: str) -> Call:
    return {"action": "key", "keys": list(keys)}


def _type(action: Action, _: Step) -> Said:
    return Said(calls=(_typing(action),), lossy=(*text_losses(action), *_token_losses(action)))


def _keys(action: Action, _: Step) -> Said:
    return Said(calls=(_key(*action.keys),))


def _navigate(action: Action, _: Step) -> Said:
    calls = (_key("ctrl", "l"), _typing(action), _key("enter"))
    return Said(calls=calls, lossy=("navigate", *_token_losses(action)))


def _wait(_: Action, step: Step) -> Said:
    return Said(calls=({"action": "wait", "time": wait_seconds(step)},), lossy=("wait_length",))


def _terminate(action: Action, _: Step) -> Said:
    known = action.status in {"success", "failure"}
    status = action.status if known else "success"
    return Said(calls=({"action": "terminate", "status": status},), lossy=() if known else ("status_assumed",))


WORDS: Final[Vocabulary] = {
    Kind.CLICK: _click,
    Kind.DRAG: _drag,
    Kind.SCROLL: _scroll,
    Kind.TYPE: _type,
    Kind.KEY: _keys,
    Kind.HOTKEY: _keys,
    Kind.NAVIGATE: _navigate,
    Kind.WAIT: _wait,
    Kind.TERMINATE: _terminate,
}
"""Calls are arguments of ``computer_use``."""
