"""All that is said about a data set, written beside its data when these lie complete: card, descriptions, manifest."""

from collections.abc import Mapping
from pathlib import Path

from overt.dataset.card import CARD, card
from overt.dataset.croissant import CROISSANT, croissant
from overt.dataset.manifest import Account, create, write_manifest
from overt.dataset.output import hashed
from overt.dataset.provenance import PROVENANCE, provenance
from overt.dataset.signature import sign_manifest
from overt.format.note import NoteSigner


def describe(
    directory: Path, account: Account, signer: NoteSigner | None, elsewhere: Mapping[str, str] | None = None
) -> None:
    """Write card, descriptions and manifest of the data in *directory*, of which *account* tells.

    Files that belong to it and are *elsewhere* are known by their SHA-256. Without a *signer* nobody vouches for it.
    Raises ``OSError``.
    """
    data = dict(sorted({**(elsewhere or {}), **hashed(directory)}.items()))
    create(directory / CARD, card(account))
    create(directory / CROISSANT, croissant(account, data))
    create(directory / PROVENANCE, provenance(account, data))
    told = hashed(directory, (CARD, CROISSANT, PROVENANCE))
    write_manifest(directory, account, dict(sorted((data | told).items())))
    if signer is not None:
        sign_manifest(directory, signer)
