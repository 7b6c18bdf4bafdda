"""Where things are on the screen, as the page itself reports it: a few lines of script in every local page."""

from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from overt.errors import FormatError
from overt.events.geometry import Rect

BEACON_PATH: Final = "/__beacon"

BEACON_SCRIPT: Final = """
(() => {
  let origin = null, timer = 0;
  const boxOf = (e) => { const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; };
  const all = () => [...document.querySelectorAll("[id]")];
  const isInput = (e) => "value" in e && e.tagName !== "BUTTON" && e.tagName !== "LI";
  const report = (why) => fetch("/__beacon", {method: "POST", keepalive: true, body: JSON.stringify({
    page: location.href, why, title: document.title,
    origin: origin ?? [screenX + (outerWidth - innerWidth) / 2, screenY + outerHeight - innerHeight],
    exact: origin !== null, size: [innerWidth, innerHeight], scroll: [scrollX, scrollY],
    boxes: Object.fromEntries(all().map((e) => [e.id, boxOf(e)])),
    values: Object.fromEntries(all().filter(isInput).map((e) => [e.id, e.value])),
    focus: document.activeElement?.id ?? "", selection: String(getSelection()),
  })}).catch(() => {});
  const soon = (why) => { clearTimeout(timer); timer = setTimeout(() => report(why), 60); };
  const calibrate = (e) => {
    const seen = [e.screenX - e.clientX, e.screenY - e.clientY];
    if (!origin || seen[0] !== origin[0] || seen[1] !== origin[1]) { origin = seen; soon("origin"); }
  };
  addEventListener("mousemove", calibrate, {capture: true, passive: true});
  for (const kind of ["scroll", "resize", "input", "focusin", "focusout", "click", "dblclick", "keyup", "popstate"])
    addEventListener(kind, () => soon(kind), {capture: true, passive: true});
  addEventListener("focus", () => soon("window"));
  addEventListener("blur", () => report("blur"));
  document.addEventListener("selectionchange", () => soon("selection"));
  addEventListener("load", () => requestAnimationFrame(() => requestAnimationFrame(() => report("load"))));
})();
"""
"""Reports where everything is to ``BEACON_PATH``, debounced, whenever it may have changed."""


class _Report(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)

    page: str
    why: str
    title: str
    origin: tuple[float, float] = Field(strict=False)
    exact: bool
    size: tuple[float, float] = Field(strict=False)
    scroll: tuple[float, float] = Field(strict=False)
    boxes: dict[str, tuple[float, float, float, float]] = Field(strict=False)
    values: dict[str, str]
    focus: str
    selection: str


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Layout:
    """One report of one page: boxes are in root pixels, by the element's id; *values* is what its inputs hold.

    *exact* says that the page has seen the pointer, so that *content* (the page's visible part, root pixels) is
    measured and not derived from the window's size.
    """

    number: int
    at_ns: int
    page: str
    why: str
    title: str
    content: Rect
    exact: bool
    scroll: tuple[int, int]
    boxes: dict[str, Rect]
    values: dict[str, str]
    focus: str
    selection: str


def read(body: bytes, number: int, at_ns: int) -> Layout:
    """Return the report in *body*, the *number*-th, received at *at_ns*; raises ``FormatError`` if it is none."""
    try:
        report = _Report.model_validate_json(body)
    except ValidationError:
        raise FormatError("a page sent a layout report that is none") from None
    content = _rect((*report.origin, *report.size))
    return Layout(
        number=number,
        at_ns=at_ns,
        page=report.page,
        why=report.why,
        title=report.title,
        content=content,
        exact=report.exact,
        scroll=(round(report.scroll[0]), round(report.scroll[1])),
        boxes={name: _rect(box).moved(content.x, content.y) for name, box in report.boxes.items()},
        values=report.values,
        focus=report.focus,
        selection=report.selection,
    )


def _rect(box: tuple[float, float, float, float]) -> Rect:
    x, y, width, height = (round(value) for value in box)
    return Rect(x=x, y=y, width=max(width, 0), height=max(height, 0))
