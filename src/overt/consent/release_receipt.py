"""What stands in a release for a grant: it leads whoever has the grant to it, and nobody from release to release."""

import hashlib


def receipt(salt: str, grant_sha256: str) -> str:
    """Return what stands for the signed grant of that SHA-256 in the release with that *salt*, both hexadecimal.

    The grant's own hash would be the same in all releases, and so would name its person in all of them.
    """
    return hashlib.sha256(f"overt-receipt/1\n{salt}\n{grant_sha256}\n".encode()).hexdigest()
