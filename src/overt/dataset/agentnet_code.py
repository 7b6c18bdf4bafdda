"""Actions as the strings of AgentNet: PyAutoGUI calls with relative coordinates, and a few of ``computer``'s."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from overt.trajectory.action import Action, Kind
from overt.trajectory.step import Frame, Step

_MEDIA: Final = ("<image>", "<video>", "<audio>")
_ZERO_WIDTH: Final = "\u200b"

NAMED_KEYS: Final = frozenset(
    (
        *("alt", "altleft", "altright", "command", "ctrl", "ctrlleft", "ctrlright", "option"),
        *("shift", "shiftleft", "shiftright", "win", "winleft", "winright"),
        *("backspace", "capslock", "del", "delete", "enter", "esc", "escape", "insert", "numlock", "pause"),
        *("printscreen", "return", "scrolllock", "space", "tab"),
        *("down", "end", "home", "left", "pagedown", "pageup", "pgdn", "pgup", "right", "up"),
        *("browserback", "browserforward", "browserrefresh"),
        *(f"f{number}" for number in range(1, 25)),
    )
)
_CLICKS: Final = {
    ("left", 1): "pyautogui.click",
    ("left", 2): "pyautogui.doubleClick",
    ("left", 3): "computer.triple_click",
    ("right", 1): "pyautogui.rightClick",
    ("middle", 1): "pyautogui.middleClick",
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Rendered:
    """*code*, or ``None`` when AgentNet has no words for the action; *lossy* names all that is not said."""

    code: str | None
    lossy: tuple[str, ...] = ()


def render(step: Step) -> Rendered:
    """Return *step*'s action as AgentNet code."""
    if step.frame is None:
        return _unsaid("step_without_image")
    if step.quality.out_of_bounds:
        return _unsaid("out_of_bounds")
    kind = step.action.kind
    if kind in _POINTER:
        return _POINTER[kind](step.action, step.frame)
    return _OTHERS[kind](step.action)


def _unsaid(why: str) -> Rendered:
    return Rendered(code=None, lossy=(why,))


def _at(frame: Frame, x: int | None, y: int | None) -> str:
    """The point as fractions of the frame, rounded to four places, that is a tenth of a pixel on most screens."""
    assert x is not None
    assert y is not None
    return f"x={round(x / frame.width, 4)}, y={round(y / frame.height, 4)}"


def _click(action: Action, frame: Frame) -> Rendered:
    call = _CLICKS.get((action.button or "", action.count or 1))
    if call is None:
        return _unsaid("button")
    lossy = ("modifier_click",) if action.modifiers else ()
    return Rendered(code=f"{call}({_at(frame, action.x, action.y)})", lossy=lossy)


def _drag(action: Action, frame: Frame) -> Rendered:
    if action.button not in {"left", "middle", "right"}:
        return _unsaid("button")
    start = f"pyautogui.moveTo({_at(frame, action.x, action.y)})"
    end = f"pyautogui.dragTo({_at(frame, action.x2, action.y2)}, button='{action.button}')"
    return Rendered(code=f"{start}\n{end}", lossy=("modifier_drag",) if action.modifiers else ())


def _scroll(action: Action, frame: Frame) -> Rendered:
    turns = [f"pyautogui.scroll({action.dy})"] if action.dy else []
    turns += [f"pyautogui.hscroll({action.dx})"] if action.dx else []
    if not turns:
        return _unsaid("empty_scroll")
    code = "\n".join([f"pyautogui.moveTo({_at(frame, action.x, action.y)})", *turns])
    return Rendered(code=code, lossy=("hscroll",) if action.dx else ())


def _write(action: Action) -> Rendered:
    if action.text is None:
        return _unsaid("withheld_field")
    return Rendered(code=_typing(action.text), lossy=tuple(_text_losses(action)))


def _typing(text: str) -> str:
    """The call that types *text*; a trainer's image marker in it gets a zero-width space, or it would be counted."""
    for token in _MEDIA:
        text = text.replace(token, token[0] + _ZERO_WIDTH + token[1:])
    return f"pyautogui.write(message={text!r})"


def _text_losses(action: Action) -> Iterator[str]:
    text = action.text or ""
    if "'" in text or '"' in text:
        yield "quote"
    if any(token in text for token in _MEDIA):
        yield "media_token"
    if action.redacted:
        yield "redaction_mark"


def _keys(action: Action) -> Rendered:
    if not action.keys or not all(len(key) == 1 or key in NAMED_KEYS for key in action.keys):
        return _unsaid("key")
    call = "press" if action.kind is Kind.KEY else "hotkey"
    return Rendered(code=f"pyautogui.{call}(keys={list(action.keys)!r})")


def _navigate(action: Action) -> Rendered:
    """The browser's own bar is not in the picture, so this is how one gets there, not what was seen."""
    enter = "pyautogui.press(keys=['enter'])"
    code = f"pyautogui.hotkey(keys=['ctrl', 'l'])\n{_typing(action.text or '')}\n{enter}"
    return Rendered(code=code, lossy=("navigate",))


def _wait(action: Action) -> Rendered:
    del action
    return Rendered(code="computer.wait()", lossy=("wait_length",))


def _terminate(action: Action) -> Rendered:
    if action.status in {"success", "failure"}:
        return Rendered(code=f"computer.terminate(status='{action.status}')")
    return Rendered(code="computer.terminate(status='success')", lossy=("status_assumed",))


_POINTER: Final[dict[Kind, Callable[[Action, Frame], Rendered]]] = {
    Kind.CLICK: _click,
    Kind.DRAG: _drag,
    Kind.SCROLL: _scroll,
}
_OTHERS: Final[dict[Kind, Callable[[Action], Rendered]]] = {
    Kind.TYPE: _write,
    Kind.KEY: _keys,
    Kind.HOTKEY: _keys,
    Kind.NAVIGATE: _navigate,
    Kind.WAIT: _wait,
    Kind.TERMINATE: _terminate,
}
