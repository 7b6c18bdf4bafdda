"""Anthropic's computer toolset of 2026-08-01: one tool for each verb, whole pixels of the picture that was sent."""

from typing import Final

from overt.dataset.calls import Call, Said, Vocabulary, point, text_losses, unsaid, wait_seconds
from overt.trajectory.action import Action, Kind
from overt.trajectory.step import Step

NAME: Final = "anthropic"
TOOL: Final = {"type": "computer_toolset_20260801"}

_CLICKS: Final = {
    ("left", 1): "left_click",
    ("left", 2): "double_click",
    ("left", 3): "triple_click",
    ("right", 1): "right_click",
    ("middle", 1): "middle_click",
}
_KEYS: Final = {
    "enter": "Return",
    "return": "Return",
    "esc": "Escape",
    "escape": "Escape",
    "tab": "Tab",
    "space": "space",
    "backspace": "BackSpace",
    "del": "Delete",
    "delete": "Delete",
    "insert": "Insert",
    "home": "Home",
    "end": "End",
    "pageup": "Page_Up",
    "pgup": "Page_Up",
    "pagedown": "Page_Down",
    "pgdn": "Page_Down",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "win": "super",
    "winleft": "super",
    "winright": "super",
}
"""PyAutoGUI's names as X11's, which the tool takes; what is not here has the same name in both, in capitals or not."""


def _call(name: str, **arguments: object) -> Call:
    return {"name": name, "input": arguments}


def _held(action: Action) -> dict[str, object]:
    return {"text": "+".join(action.modifiers)} if action.modifiers else {}


def _click(action: Action, _: Step) -> Said:
    name = _CLICKS.get((action.button or "", action.count or 1))
    if name is None:
        return unsaid("button")
    return Said(calls=(_call(name, coordinate=list(point(action.x, action.y)), **_held(action)),))


def _drag(action: Action, _: Step) -> Said:
    if action.button != "left":
        return unsaid("button")
    ends = {"start_coordinate": list(point(action.x, action.y)), "coordinate": list(point(action.x2, action.y2))}
    return Said(calls=(_call("left_click_drag", **ends, **_held(action)),))


def _scroll(action: Action, _: Step) -> Said:
    turns = (
        ("up", action.dy or 0),
        ("down", -(action.dy or 0)),
        ("right", action.dx or 0),
        ("left", -(action.dx or 0)),
    )
    where = list(point(action.x, action.y))
    calls = (
        _call("scroll", coordinate=where, scroll_direction=way, scroll_amount=amount)
        for way, amount in turns
        if amount > 0
    )
    return Said(calls=tuple(calls))


def _key(*keys: str) -> Call:
    return _call("key", text="+".join(_KEYS.get(key, key) for key in keys))


def _type(action: Action, _: Step) -> Said:
    return Said(calls=(_call("type", text=action.text),), lossy=tuple(text_losses(action)))


def _keys(action: Action, _: Step) -> Said:
    return Said(calls=(_key(*action.keys),))


def _navigate(action: Action, _: Step) -> Said:
    return Said(calls=(_key("ctrl", "l"), _call("type", text=action.text), _key("enter")), lossy=("navigate",))


def _wait(_: Action, step: Step) -> Said:
    return Said(calls=(_call("wait", duration=wait_seconds(step)),), lossy=("wait_length",))


def _terminate(_: Action, __: Step) -> Said:
    return unsaid("terminate")


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
"""Calls are ``{"name", "input"}``."""
