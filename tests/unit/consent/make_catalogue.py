"""Turn a translator's catalogue (gettext's PO) into the module that the program holds: python make_catalogue.py."""

import ast
from pathlib import Path

ROOM = Path(__file__).parents[3] / "src/overt/consent"
LANGUAGES = {"de": "german"}

HEAD = '''"""The German of the notice and the questions; made from locale/{language}.po, which translators edit."""

# ruff: noqa: E501 - one sentence a line, as the translators have them
# fmt: off
from types import MappingProxyType
from typing import Final

CATALOGUE: Final = MappingProxyType(
    {{
{entries}    }}
)
'''


def read_po(text: str) -> dict[str, str]:
    """Return sentence to translation; an entry that is marked as doubtful is left out."""
    entries: dict[str, str] = {}
    for block in text.split("\n\n"):
        fields = {"msgid": "", "msgstr": ""}
        current = ""
        for line in block.splitlines():
            word, _, quoted = line.partition(" ")
            if word in fields:
                current = word
            elif line.startswith('"'):
                quoted = line
            else:
                continue
            fields[current] += ast.literal_eval(quoted)
        if fields["msgid"] and "#, fuzzy" not in block:
            entries[fields["msgid"]] = fields["msgstr"]
    return entries


def module_text(language: str, catalogue: dict[str, str]) -> str:
    """Return the module of *catalogue*."""
    entries = "".join(f"        {quoted(key)}: {quoted(value)},\n" for key, value in sorted(catalogue.items()))
    return HEAD.format(language=language, entries=entries)


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def po_path(language: str) -> Path:
    return ROOM / "locale" / f"{language}.po"


def module_path(language: str) -> Path:
    return ROOM / f"{LANGUAGES[language]}.py"


if __name__ == "__main__":
    for each in LANGUAGES:
        module_path(each).write_text(module_text(each, read_po(po_path(each).read_text())))
