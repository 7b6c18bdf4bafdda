"""What every local page shares: its skeleton, its style, and the one colour in which secrets are drawn."""

from html import escape
from typing import Final

from overt.demo.layout import BEACON_SCRIPT

SECRET_COLOUR: Final = (0xFE, 0x01, 0xDC)
"""Red, green, blue. Used for secrets and nowhere else, so that a frame with one such pixel shows a secret."""

_STYLE: Final = """
  * { box-sizing: border-box; transition: none !important; }
  html { scroll-behavior: auto; }
  body { margin: 0; font: 16px/1.5 "DejaVu Sans", Arial, sans-serif; color: #202124; background: #fff; }
  main { width: 720px; margin: 24px auto 24px 120px; }
  a { color: #1a0dab; text-decoration: none; }
  a:hover { text-decoration: underline; }
  input[type=text], input[type=search], input[type=password], textarea {
    font: inherit; height: 44px; padding: 0 14px; border: 1px solid #80868b; border-radius: 6px; width: 100%; }
  textarea { height: 96px; padding: 10px 14px; }
  button { font: inherit; padding: 8px 20px; border: 1px solid #80868b; border-radius: 6px; background: #f1f3f4; }
  label { display: block; margin: 14px 0 4px; }
  .secret-text { color: #FE01DC; }
  input.secret-text:not(:placeholder-shown), textarea.secret-text:not(:placeholder-shown) {
    background: linear-gradient(#FE01DC, #FE01DC) right 8px center / 40% 20px no-repeat; }
  .secret-block { background: #FE01DC; color: #FE01DC; height: 60px; margin: 12px 0; }
"""


def document(title: str, body: str, *, style: str = "") -> str:
    """Return a whole page: *title* is text, *body* and *style* are markup of ours."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<link rel="icon" href="data:,"><style>{_STYLE}{style}</style></head><body>{body}</body></html>'
    )


def with_beacon(html: str) -> str:
    """Return *html* with the script that reports the layout as the last thing in it."""
    head, found, tail = html.rpartition("</body>")
    script = f"<script>{BEACON_SCRIPT}</script>"
    return f"{head}{script}{found}{tail}" if found else f"{html}{script}"
