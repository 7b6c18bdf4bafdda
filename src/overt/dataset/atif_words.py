"""The ``computer_action`` of Harbor's own agent, in which ATIF is told: whole pixels, positive is down."""

from typing import Final

from overt.dataset.calls import SCROLL_PX, Call, Said, Vocabulary, point, text_losses, unsaid, wait_seconds
from overt.trajectory.action import Action, Kind
from overt.trajectory.step import Step

_TYPES: Final = (
    *("click", "double_click", "triple_click", "right_click", "drag", "scroll", "type", "keypress", "navigate"),
    *("wait", "done"),
)
_WHOLE: Final = {"type": "integer"}
_STRING: Final = {"type": "string"}
TOOL: Final = {
    "type": "function",
    "function": {
        "name": "computer_action",
        "description": "One action at the desktop, in pixels of the picture before it.",
        "parameters": {
            "type": "object",
            "properties": {
                "type": {"type": "string", "enum": list(_TYPES)},
                **dict.fromkeys(("x", "y", "end_x", "end_y", "scroll_x", "scroll_y", "duration"), _WHOLE),
                **dict.fromkeys(("text", "url", "button", "modifier"), _STRING),
                "keys": {"type": "array", "items": {"type": "string"}},
            },
            "required": ["type"],
            "additionalProperties": False,
        },
    },
}

_CLICKS: Final = {
    ("left", 1): "click",
    ("left", 2): "double_click",
    ("left", 3): "triple_click",
    ("right", 1): "right_click",
    ("middle", 1): "click",
}


def _at(action: Action) -> dict[str, object]:
    x, y = point(action.x, action.y)
    return {"x": x, "y": y}


def _click(action: Action, _: Step) -> Said:
    name = _CLICKS.get((action.button or "", action.count or 1))
    if name is None:
        return unsaid("button")
    call: Call = {"type": name, **_at(action)}
    if action.button == "middle":
        call["button"] = "middle"
    if action.modifiers:
        call["modifier"] = action.modifiers[0]
    return Said(calls=(call,), lossy=("modifiers",) if len(action.modifiers) > 1 else ())


def _drag(action: Action, _: Step) -> Said:
    if action.button != "left":
        return unsaid("button")
    end_x, end_y = point(action.x2, action.y2)
    call: Call = {"type": "drag", **_at(action), "end_x": end_x, "end_y": end_y}
    return Said(calls=(call,), lossy=("modifier_drag",) if action.modifiers else ())


def _scroll(action: Action, _: Step) -> Said:
    turned = {"scroll_x": (action.dx or 0) * SCROLL_PX, "scroll_y": -(action.dy or 0) * SCROLL_PX}
    return Said(calls=({"type": "scroll", **_at(action), **turned},), lossy=("scroll_scale",))


def _type(action: Action, _: Step) -> Said:
    return Said(calls=({"type": "type", "text": action.text},), lossy=tuple(text_losses(action)))


def _keys(action: Action, _: Step) -> Said:
    return Said(calls=({"type": "keypress", "keys": list(action.keys)},))


def _navigate(action: Action, _: Step) -> Said:
    return Said(calls=({"type": "navigate", "url": action.text},))


def _wait(_: Action, step: Step) -> Said:
    return Said(calls=({"type": "wait", "duration": wait_seconds(step)},), lossy=("wait_length",))


def _terminate(_: Action, __: Step) -> Said:
    return Said(calls=({"type": "done"},))


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
"""Calls are arguments of ``computer_action``."""
