"""``<id>.keys``: each section identity under two locks, its share and one of its roles."""

from collections.abc import Mapping, Sequence
from typing import Final

from overt.format import age_write, container
from overt.format.age_write import Identity
from overt.format.episode import SectionName
from overt.format.rules import BrokenRuleError, Rule

_ORDER: Final[tuple[SectionName, SectionName]] = ("c", "m")


def spell(identity: Identity) -> bytes:
    """Return the identity file that a stock ``age -i`` reads."""
    return f"{identity.text}\n".encode()


def wrap(section: Identity, share: str, roles: Sequence[str]) -> bytes:
    """Return *section* locked for the recipient *share*, and that locked for each recipient of *roles*."""
    return age_write.encrypt(age_write.encrypt(spell(section), [share]), roles)


def render_keys(wrapped: Mapping[SectionName, bytes]) -> bytes:
    """Return the bytes of ``<id>.keys`` for the *wrapped* identity of each section."""
    return b"".join(container.render_member(f"{section}.age", wrapped[section]) for section in _ORDER)


def parse_keys(data: bytes) -> dict[SectionName, bytes]:
    """Return the wrapped identity of each section.

    Raises:
        BrokenRuleError: *data* is not a ``.keys`` file.
    """
    try:
        members = list(container.read_members(data))
    except BrokenRuleError:
        raise BrokenRuleError(Rule.KEYS_MALFORMED) from None
    if [member.name for member in members] != [f"{section}.age" for section in _ORDER]:
        raise BrokenRuleError(Rule.KEYS_MALFORMED)
    return {section: member.data for section, member in zip(_ORDER, members, strict=True)}
