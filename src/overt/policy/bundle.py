"""What an admin signs for everyone: policy, notices, and the public keys of who may read."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from overt.errors import FormatError, PolicyError
from overt.policy.canonical import canonical_json, read_canonical
from overt.policy.document import text_sha256

AgeRecipient = Annotated[str, StringConstraints(pattern=r"^age1pq1[02-9ac-hj-np-z]{20,4000}$")]
"""A post-quantum age recipient."""
VerifierKey = Annotated[str, StringConstraints(pattern=r"^[^+\s]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{10,200}$")]
"""A C2SP verifier key: name, key hash, key."""
SignedStatement = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]
"""A signed note, not yet believed here: who may sign it is checked where signatures are."""
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class _Document(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Recipients(_Document):
    """Who can read outside the employee's own machine: two roles, and the vault without whose help neither can.

    Each is named by the key with which it signs, because its age recipient may be replaced: the vault's is, after every
    deletion.
    """

    auditor: VerifierKey
    exporter: VerifierKey
    vault: VerifierKey

    def sha256(self) -> str:
        """Return the hash by which a grant names these recipients: another reader needs another consent."""
        return text_sha256(canonical_json(self.model_dump(mode="json")))


class Statements(_Document):
    """What each of the recipients said, in a note signed by itself, of its age recipient when the bundle was signed."""

    auditor: SignedStatement
    exporter: SignedStatement
    vault: SignedStatement


class Bundle(_Document):
    """An organisation's bundle. *policy* is the exact TOML text; *notices* maps a language to the exact notice text."""

    format: Literal["overt-bundle/1"] = "overt-bundle/1"
    serial: Annotated[int, Field(ge=1)]
    policy: str
    notices: dict[Language, str]
    recipients: Recipients
    statements: Statements
    admin: VerifierKey


def bundle_text(bundle: Bundle) -> str:
    """Return *bundle* as the text that the admin signs: canonical JSON on one line, with a newline."""
    return canonical_json(bundle.model_dump(mode="json")) + "\n"


def parse_bundle_text(text: str) -> Bundle:
    """Return the bundle that the signed *text* states.

    Raises:
        PolicyError: *text* is not a bundle.
    """
    try:
        read_canonical(text.removesuffix("\n"), "the bundle")
        return Bundle.model_validate_json(text)
    except FormatError as problem:
        raise PolicyError(str(problem)) from None
    except ValidationError as invalid:
        wrong = ", ".join(sorted({".".join(map(str, error["loc"])) for error in invalid.errors()}))
        raise PolicyError(f"the bundle is malformed in: {wrong}") from None
