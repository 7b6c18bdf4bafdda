"""OpenAI's computer actions: whole pixels of the picture that was sent, scrolls in pixels with positive down."""

from typing import Final

from overt.dataset.calls import SCROLL_PX, Call, Said, Vocabulary, point, text_losses, unsaid
from overt.trajectory.action import Action, Kind
from overt.trajectory.step import Step

NAME: Final = "openai"
TOOL: Final = {"type": "computer"}

_BUTTONS: Final = {"left": "left", "right": "right", "middle": "wheel"}
_ARROWS: Final = {"up": "ARROWUP", "down": "ARROWDOWN", "left": "ARROWLEFT", "right": "ARROWRIGHT"}


def _at(action: Action) -> dict[str, object]:
    x, y = point(action.x, action.y)
    return {"x": x, "y": y}


def _held(action: Action) -> dict[str, object]:
    return {"keys": [_name(key) for key in action.modifiers]} if action.modifiers else {}


def _click(action: Action, _: Step) -> Said:
    button, count = _BUTTONS.get(action.button or ""), action.count or 1
    if button is None or (button != "left" and count > 1):
        return unsaid("button")
    one: Call = {"type": "click", "button": button, **_at(action), **_held(action)}
    if count == 1:
        return Said(calls=(one,))
    double: Call = {"type": "double_click", **_at(action), **_held(action)}
    return Said(calls=(double,)) if count == 2 else Said(calls=(double, one), lossy=("triple_click",))  # noqa: PLR2004


def _drag(action: Action, _: Step) -> Said:
    if action.button != "left":
        return unsaid("button")
    ends = (point(action.x, action.y), point(action.x2, action.y2))
    return Said(calls=({"type": "drag", "path": [{"x": x, "y": y} for x, y in ends], **_held(action)},))


def _scroll(action: Action, _: Step) -> Said:
    turned = {"scroll_x": (action.dx or 0) * SCROLL_PX, "scroll_y": -(action.dy or 0) * SCROLL_PX}
    return Said(calls=({"type": "scroll", **_at(action), **turned},), lossy=("scroll_scale",))


def _press(*keys: str) -> Call:
    return {"type": "keypress", "keys": [_name(key) for key in keys]}


def _name(key: str) -> str:
    return _ARROWS.get(key, key.upper())


def _type(action: Action, _: Step) -> Said:
    return Said(calls=(_typing(action),), lossy=tuple(text_losses(action)))


def _typing(action: Action) -> Call:
    return {"type": "type", "text": action.text}


def _keys(action: Action, _: Step) -> Said:
    return Said(calls=(_press(*action.keys),))


def _navigate(action: Action, _: Step) -> Said:
    return Said(calls=(_press("ctrl", "l"), _typing(action), _press("enter")), lossy=("navigate",))


def _wait(_: Action, __: Step) -> Said:
    return Said(calls=({"type": "wait"},), lossy=("wait_length",))


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
"""Calls are members of ``ComputerAction``."""
