"""``overt consent countersign`` and ``accept``: the controller's word on a grant goes out and comes back as a file."""

import os
from pathlib import Path

import click

from overt.cli.asking import (
    PLACE,
    ends,
    home_option,
    json_option,
    now,
    opened,
    passphrase_option,
    passphrase_source,
    read_document,
    retried,
    say,
)
from overt.consent.instants import instant_text
from overt.keys.consent_files import load_countersignature
from overt.keys.countersigning import countersign
from overt.keys.receipts import open_receipt
from overt.store import files
from overt.store.home import Role
from overt.subject.receipt import accept


@click.command(
    "countersign",
    short_help="Countersign a receipt (admin).",
    epilog=ends(
        "overt consent countersign receipt.json --out countersigned.json",
        "0 countersigned, 4 no valid consent, 5 no policy, 6 key, 7 disk, 9 no admin's home",
    ),
)
@click.argument("receipt", type=PLACE)
@click.option("--out", type=PLACE, required=True, metavar="FILE", help="Where the countersigned receipt goes.")
@home_option
@passphrase_option
@json_option
def countersign_command(
    *, receipt: Path, out: Path, home: Path | None, passphrase_file: Path | None, as_json: bool
) -> None:
    """For the admin: say that the consent in RECEIPT was received and that its promises stand.

    What is countersigned goes back to the person, and nothing of it is kept here: there is no list of who consented.
    """
    admin, text = opened(home, Role.ADMIN), read_document(receipt)
    source = passphrase_source(passphrase_file)
    countersigned = retried(lambda: countersign(admin, text, source, now()), passphrase_file)
    write_document(out, countersigned)
    grant = open_receipt(countersigned).grant
    lines = [
        f"countersigned the consent {grant.id} into {out}",
        "give it back; they keep it with: overt consent accept",
    ]
    say({"grant": grant.id, "out": str(out)}, lines, as_json=as_json)


@click.command(
    "accept",
    short_help="Keep a receipt that came back countersigned.",
    epilog=ends(
        "overt consent accept countersigned.json", "0 kept, 4 not yours or not countersigned, 7 disk, 9 no home"
    ),
)
@click.argument("receipt", type=PLACE)
@home_option
@json_option
def accept_command(*, receipt: Path, home: Path | None, as_json: bool) -> None:
    """Keep the countersignature in RECEIPT beside your consent. It changes nothing about what may be recorded."""
    person = opened(home, Role.EMPLOYEE)
    grant = accept(person, read_document(receipt))
    held = load_countersignature(person, grant)
    at = None if held is None else instant_text(held.at)
    say({"grant": grant.id, "countersigned_at": at}, [f"the consent {grant.id} is countersigned"], as_json=as_json)


def write_document(out: Path, text: str) -> None:
    """Write *text* to the file *out* as a whole, in place of what was there; raises ``StorageError``."""
    place = Path(os.path.abspath(out))  # noqa: PTH100 - a symlink must stay visible
    files.replace(place.parent, place.name, text.encode())
