"""Take rows out of an own episode by hand: what stays is sealed as a new episode, and the old one is destroyed."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final

from overt.errors import ConsentError, UsageError
from overt.events.redacted import (
    Clicked,
    FlushFacts,
    MetaRecord,
    PageEntered,
    RedactedEvent,
    RedactedFrame,
    Typed,
    Withheld,
)
from overt.keys.consent_files import load_organisation, read_text, withdrawn
from overt.keys.device import load_device
from overt.keys.identities import load_recipient
from overt.keys.passphrase import PassphraseSource
from overt.keys.put import DirectoryIntake, share_recipient
from overt.keys.recipients import RoleRecipients
from overt.keys.shred import shred_episode
from overt.keys.vault_contract import Progress, SealedShares, unseen
from overt.ledger.log import Ledger
from overt.redact.lexicon import plain_form
from overt.seal import EpisodeSealer, Opening
from overt.store.episodes import EpisodeStore
from overt.store.home import Home
from overt.subject.erasing import Erased, erase
from overt.subject.reviewing import Review, require_closed
from overt.verify import Verdict

Row = RedactedEvent | RedactedFrame
_FLUSH_BYTES: Final = 16 << 20
_LEAST: Final = 4
"""Letters and digits in common from which on a kept row is said to hold what was taken out of another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resealed:
    """What stays of an episode is *episode_id* now; *erased* tells of the old one."""

    episode_id: str
    erased: Erased


def rows_in(text: str, last: int) -> frozenset[int]:
    """Read numbers and ranges such as ``3,5-9``, each from 1 to *last*; raises ``UsageError``."""
    found: set[int] = set()
    for part in filter(None, (each.strip() for each in text.split(","))):
        first, dash, end = part.partition("-")
        if not (first.isdecimal() and (end.isdecimal() or not dash) and len(part) <= len("123456789-123456789")):
            raise UsageError("rows are numbers and ranges", hint="write them like 3,5-9")
        chosen = range(int(first), int(end or first) + 1)
        if not chosen or chosen[0] < 1 or chosen[-1] > last:
            raise UsageError(f"the rows of this episode are 1 to {last}", hint="see them: overt episodes show EPISODE")
        found.update(chosen)
    return frozenset(found)


def rows_of_visits(rows: Sequence[Row], visits: Collection[int]) -> frozenset[int]:
    """Return the rows, from 1, of the stays *visits*; raises ``UsageError`` when there is no such stay."""
    if set(visits) - {_event(row).visit for row in rows}:
        raise UsageError("there is no such stay", hint="see their numbers: overt episodes show EPISODE --json")
    return frozenset(number for number, row in enumerate(rows, 1) if _event(row).visit in visits)


def rows_with(rows: Sequence[Row], words: Collection[str]) -> frozenset[int]:
    """Return the rows, from 1, in which one of *words* stands, however it is written."""
    wanted = [plain for word in words if (plain := plain_form(word))]
    said = ((number, [plain_form(text) for text in _texts(_event(row))]) for number, row in enumerate(rows, 1))
    return frozenset(number for number, texts in said if any(plain in text for plain in wanted for text in texts))


def with_pictures(rows: Sequence[Row], chosen: Collection[int]) -> frozenset[int]:
    """Return *chosen* and every picture that may show one of them: of the same stay, or of the same page."""
    said = [_event(rows[number - 1]) for number in chosen if list(_texts(_event(rows[number - 1])))]
    addresses = {each.visit: each.url for each in map(_event, rows) if isinstance(each, PageEntered)}
    visits = {each.visit for each in said}
    pages = {addresses[visit] for visit in visits if visit in addresses}
    shows = visits | {visit for visit, url in addresses.items() if url in pages}
    pictures = {n for n, row in enumerate(rows, 1) if isinstance(row, RedactedFrame) and row.event.visit in shows}
    return frozenset(chosen) | pictures


def echoes(rows: Sequence[Row], removed: Collection[int]) -> frozenset[int]:
    """Return the rows that would stay and hold a text that was typed in one that goes."""
    gone = [_event(rows[number - 1]) for number in removed]
    typed = [each.text for each in gone if isinstance(each, Typed) and len(plain_form(each.text)) >= _LEAST]
    return rows_with(rows, typed) - frozenset(removed)


def reseal(
    home: Home,
    looked: Review,
    kept: Sequence[Row],
    passphrases: PassphraseSource,
    at: datetime,
    progress: Progress = unseen,
) -> Resealed:
    """Seal *kept* of *looked* as a new episode under the same grant, log where it comes from, and erase the old one.

    The new one is not approved. Until it is durable and logged the old one stays as it is.

    Raises:
        UsageError: nothing is kept.
        ConsentError: the consent was withdrawn.
        VerificationError: the old episode is not whole, or the log was changed.
        KeyAccessError: the device key stays locked.
        StorageError: the disk refused.
    """
    verdict = looked.verdict
    require_closed(verdict)
    if not kept:
        raise UsageError("nothing would be left of the episode", hint="erase it as a whole: overt episodes erase")
    if withdrawn(home, verdict.grant):
        raise ConsentError(f"the consent for the episode {verdict.episode_id} is withdrawn")
    ledger = Ledger(home.log_directory, load_device(home, passphrases))
    sealer, opening, shares = _begin(home, verdict, passphrases)
    data = opening.first + b"".join(_sealed(sealer, verdict, looked.metadata, kept))
    root = sealer.root.hex()
    store = EpisodeStore(home.episodes_directory)
    try:
        DirectoryIntake(home.shares_directory).put(shares)
        store.put_keys(opening.episode_id, opening.keys)
        store.put(opening.episode_id, data)
        for entry in _entries(verdict, opening, len(data), root):
            ledger.append(entry)
    except BaseException:
        # The old one is still there: of the new one nothing may be left that nobody knows of.
        store.unlink(opening.episode_id)
        shred_episode(home.shares_directory, verdict.grant, opening.episode_id)
        raise
    (erased,) = erase(home, [verdict.episode_id], at, progress)
    return Resealed(episode_id=opening.episode_id, erased=erased)


def _begin(home: Home, verdict: Verdict, passphrases: PassphraseSource) -> tuple[EpisodeSealer, Opening, SealedShares]:
    organisation = load_organisation(home)
    vault_recipient = share_recipient(
        home.shares_directory, verdict.grant, organisation.recipients.vault, organisation.bundle.statements.vault
    )
    sealer, opening = EpisodeSealer.begin(
        grant=verdict.grant,
        policy_sha256=verdict.policy_sha256,
        trial=verdict.trial,
        device=load_device(home, passphrases),
        roles=RoleRecipients(
            auditor=organisation.recipient_of("auditor"),
            exporter=organisation.recipient_of("exporter"),
            employee=load_recipient(home),
        ),
        vault_recipient=vault_recipient,
    )
    note = read_text(home.grants_directory / f"{verdict.grant}.note")
    shares = SealedShares(grant_id=verdict.grant, grant=note, episode_id=opening.episode_id, shares=opening.shares)
    return sealer, opening, shares


def _sealed(
    sealer: EpisodeSealer, verdict: Verdict, metadata: Sequence[MetaRecord], kept: Sequence[Row]
) -> Iterator[bytes]:
    counted = _recounted(metadata, kept)
    first: list[MetaRecord] = [record for record in counted if record.kind == "session"]
    for number, part in enumerate(_parts(kept)):
        yield sealer.flush(meta=() if number else first, content=part)
    rest = [record for record in counted if record.kind != "session"]
    yield sealer.close(reason=verdict.end_reason or "stopped", meta=rest)


def _recounted(metadata: Sequence[MetaRecord], kept: Sequence[Row]) -> list[MetaRecord]:
    """Return *metadata* with one record of counts, of what is kept: the old ones tell of what is not."""
    flushes = [record for record in metadata if isinstance(record, FlushFacts)]
    others: list[MetaRecord] = [record for record in metadata if not isinstance(record, FlushFacts)]
    if not flushes:
        return others
    events = [_event(row) for row in kept]
    facts = {
        "events": dict(Counter(event.kind for event in events)),
        "sites": dict(Counter(event.site for event in events if isinstance(event, PageEntered))),
        "dropped": dict(sum((Counter(each.dropped) for each in flushes), Counter[str]())),
        "withheld": dict(Counter(event.reason for event in events if isinstance(event, Withheld))),
        "lost": sum(each.lost for each in flushes),
    }
    return list(chain(others[:1], [flushes[-1].model_copy(update=facts)], others[1:]))


def _parts(kept: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield *kept* in parts that one flush takes."""
    part: list[Row] = []
    size = 0
    for row in kept:
        part.append(row)
        size += 4096 + (len(row.png) if isinstance(row, RedactedFrame) else 0)
        if size >= _FLUSH_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


def _entries(verdict: Verdict, opening: Opening, size: int, root: str) -> Iterator[dict[str, str | int]]:
    new = opening.episode_id
    opened = hashlib.sha256(opening.first).hexdigest()
    yield {"type": "episode-open", "id": new, "grant": verdict.grant, "sha256": opened}
    yield {"type": "episode-close", "id": new, "size": size, "root": root}
    yield {"type": "reseal", "from": verdict.episode_id, "id": new}


def _event(row: Row) -> RedactedEvent:
    return row.event if isinstance(row, RedactedFrame) else row


def _texts(event: RedactedEvent) -> Iterator[str]:
    match event:
        case Typed():
            yield event.text
            yield from (each.name for each in (event.field,) if each is not None and each.name)
        case PageEntered():
            yield from (event.title, event.url, event.query or "")
        case Clicked(target=target) if target is not None and target.name:
            yield target.name
        case _:
            pass
