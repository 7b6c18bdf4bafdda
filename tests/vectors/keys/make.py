"""Make ``recovery.json``: recovery pages of keys that protect nothing. Run it once for each new form of page.

Splitting is random, so that each run makes other words for the same keys: an older file is kept, never made anew.
"""

import hashlib
import json
import sys
from pathlib import Path

from overt.format import xwing
from overt.format.age_write import recipient_of
from overt.keys.recovery import _render, fingerprint
from overt.keys.recovery_words import split_identity
from overt.store.home import Role


def vector(role: Role, needed: int, pages: int) -> dict[str, object]:
    """Return a key of *role*, from a seed that anybody can compute, with as many pages as are needed."""
    identity = xwing.identity_text(hashlib.sha256(f"overt recovery {role}".encode()).digest())
    key = fingerprint(recipient_of(identity))
    rendered = [_render(role, key, words, needed, pages) for words in split_identity(identity, needed, pages)]
    return {"role": role.value, "identity": identity, "key": key, "pages": rendered[pages - needed :]}


if __name__ == "__main__":
    vectors = [vector(Role.OFFICER, 2, 3), vector(Role.VAULT, 3, 5)]
    Path(sys.argv[1]).write_text(json.dumps(vectors, indent=1) + "\n")
