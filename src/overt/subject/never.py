"""The person's own list of pages of which nothing is ever recorded, whatever the policy allows."""

from overt.errors import FormatError, UsageError
from overt.keys.never_list import MOST, read_never, write_never
from overt.policy.never import prefix_of
from overt.store.home import Home


def add_never(home: Home, texts: list[str]) -> tuple[str, ...]:
    """Add the beginnings of addresses *texts*, and return which are new.

    Raises:
        PolicyError: one is no beginning of a recorded site's address.
        UsageError: the list is full.
        FormatError: the list is damaged.
        StorageError: the disk refused.
    """
    known = read_never(home)
    new = tuple(sorted({prefix_of(text).text for text in texts} - set(known)))
    if len(known) + len(new) > MOST:
        raise UsageError(f"the list has at most {MOST} entries", hint="name a host, or a shorter beginning")
    if new:
        write_never(home, (*known, *new))
    return new


def remove_never(home: Home, texts: list[str]) -> tuple[str, ...]:
    """Take *texts* from the list and return which were in it; raises as ``add_never``."""
    known = read_never(home)
    gone = tuple(sorted({prefix_of(text).text for text in texts} & set(known)))
    if gone:
        write_never(home, tuple(each for each in known if each not in gone))
    return gone


def empty_never(home: Home) -> tuple[str, ...]:
    """Empty the list, also a damaged one, and return what was in it; raises ``StorageError``."""
    try:
        gone = read_never(home)
    except FormatError:
        gone = ()
    write_never(home, ())
    return gone
