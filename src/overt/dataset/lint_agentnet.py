"""AgentNet code as its own readers parse it: forms they know, relative points inside the picture."""

import re
from collections.abc import Iterator
from typing import Final

_POINT: Final = r"x=(?P<x>-?[\d.]+), y=(?P<y>-?[\d.]+)"
_FORMS: Final = re.compile(
    rf"pyautogui\.(?:click|doubleClick|rightClick|middleClick|moveTo)\({_POINT}\)"
    rf"|computer\.triple_click\({_POINT.replace('<x>', '<x3>').replace('<y>', '<y3>')}\)"
    rf"|pyautogui\.dragTo\({_POINT.replace('<x>', '<x2>').replace('<y>', '<y2>')}, button='(?:left|middle|right)'\)"
    r"|pyautogui\.h?scroll\(-?[1-9]\d*\)"
    r"|pyautogui\.write\(message=(?:'.*'|\".*\")\)"
    r"|pyautogui\.(?:press|hotkey)\(keys=\[.+\]\)"
    r"|computer\.wait\(\)"
    r"|computer\.terminate\(status='(?:success|failure)'\)"
)


def agentnet_faults(code: str) -> Iterator[str]:
    """Yield what is wrong with the *code* of one step."""
    for line in code.split("\n"):
        form = _FORMS.fullmatch(line)
        if form is None:
            yield "has code of a form that nobody parses"
        elif not all(0 <= float(value) <= 1 for value in form.groupdict().values() if value is not None):
            yield "names a point outside its picture"
