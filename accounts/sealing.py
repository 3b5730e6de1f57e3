"""The chain of the log: every entry is sealed with a hash that covers the seal before it (domain rule 20).

An entry is written without looking at others, in the transaction of what it tells; sealing follows within seconds. A
chain runs in the order of sealing: an entry whose transaction ended late stands behind younger ones.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from itertools import count
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from .models import LogEntry, LogSeal

BATCH = 2000
FIELDS = ("id", "organisation_id", "user_id", "at", "action", "subject", "result", "address", "data")
Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Head:
    """The last seal of a chain; position 0 before the first."""

    position: int = 0
    hash: str = "0" * 64


@dataclass(frozen=True)
class Walk:
    """What was found along a chain. `broken` says in Dutch what is wrong at the first place that does not hold."""

    head: Head = Head()
    first: datetime | None = None
    last: datetime | None = None
    broken: str = ""


@dataclass(frozen=True)
class Link:
    """A seal with the fields of its entry."""

    position: int
    hash: str
    entry: Entry


def sealed_text(entry: Entry, chain: int, position: int, previous: str) -> str:
    """What the hash of a seal is taken of: the same text on every database, for values of `FIELDS`."""
    told = {
        **{name.removesuffix("_id"): entry[name] for name in FIELDS},
        "at": entry["at"].astimezone(UTC).isoformat(timespec="microseconds"),
        # Databases and versions of Python differ in how they write an IPv6 address.
        "address": entry["address"] and ip_address(entry["address"]).packed.hex(),
        "chain": chain,
        "position": position,
        "previous": previous,
    }
    return json.dumps(told, sort_keys=True, separators=(",", ":"))


def text_of(seal: LogSeal, previous: str) -> str:
    """The same text for a seal and its entry that were fetched together."""
    entry = {name: getattr(seal.entry, name) for name in FIELDS}
    return sealed_text(entry, seal.chain, seal.position, previous)


def seal_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def waiting() -> QuerySet[LogEntry]:
    """Entries without a seal, in the order in which they will get one."""
    return LogEntry.objects.filter(seal=None).order_by("id")


def seal_waiting() -> int:
    """Seal what waits, in every chain; the number of entries."""
    chains = list(waiting().order_by().values_list("organisation_id", flat=True).distinct())
    return sum(_seal(organisation_id) for organisation_id in chains)


def head(chain: int) -> Head:
    row = LogSeal.objects.filter(chain=chain).order_by("-position").first()
    return Head() if row is None else Head(row.position, row.hash)


def walk(chain: int, expected: Mapping[int, str] | None = None) -> Walk:
    """Go along a chain from its start; `expected` are hashes by position that were kept outside the database."""
    end, kept, found = head(chain).position, expected or {}, Walk()
    try:
        for link in _links(chain, end):
            broken = _broken(link, chain, found.head, kept)
            if broken:
                return replace(found, broken=broken)
            found = Walk(Head(link.position, link.hash), found.first or link.entry["at"], link.entry["at"])
    except (AttributeError, TypeError, ValueError):
        # SQLite hands over whatever somebody wrote in the column of a time or of data.
        return replace(found, broken=f"de regel op plaats {found.head.position + 1} is onleesbaar")
    if found.head.position < end:
        return replace(found, broken=_missing(chain, found.head.position + 1))
    beyond = [position for position in kept if position > end]
    return replace(found, broken=f"plaats {min(beyond)}, waarvan u het zegel hebt, is er niet meer" if beyond else "")


def _seal(organisation_id: int | None) -> int:
    """Seal one chain in batches; whoever finds that another sealer took the place goes on behind that one.

    What is read and computed holds nobody up: only the rows of a batch are inserted in one transaction.
    """
    chain, done, last = organisation_id or 0, 0, 0
    start = head(chain)
    while True:
        batch = waiting().filter(organisation=organisation_id, pk__gt=last)[:BATCH]
        seals = list(_links_of(batch.values(*FIELDS), chain, start))
        if not seals:
            return done
        try:
            with transaction.atomic():
                LogSeal.objects.bulk_create(seals)
        except IntegrityError:
            if head(chain) == start:
                raise
            start = head(chain)
        else:
            done, last = done + len(seals), seals[-1].pk
            start = Head(seals[-1].position, seals[-1].hash)


def _links_of(entries: QuerySet[LogEntry, dict[str, Any]], chain: int, start: Head) -> Iterator[LogSeal]:
    previous = start.hash
    for position, entry in zip(count(start.position + 1), entries, strict=False):
        previous = seal_hash(sealed_text(entry, chain, position, previous))
        yield LogSeal(entry_id=entry["id"], chain=chain, position=position, hash=previous)


def _links(chain: int, end: int) -> Iterator[Link]:
    """The seals of a chain up to a position, with their entries; a seal whose entry is gone is left out."""
    rows = LogSeal.objects.filter(chain=chain, position__lte=end).order_by("position")
    names = [f"entry__{name}" for name in FIELDS]
    for position, sealed, *values in rows.values_list("position", "hash", *names).iterator(BATCH):
        yield Link(position, sealed, dict(zip(FIELDS, values, strict=True)))


def _broken(link: Link, chain: int, before: Head, kept: Mapping[int, str]) -> str:
    """What is wrong with a link, "" when it holds."""
    position = before.position + 1
    if link.position != position:
        return _missing(chain, position)
    if seal_hash(sealed_text(link.entry, chain, position, before.hash)) != link.hash:
        return f"regel {link.entry['id']} op plaats {position} is niet wat is verzegeld"
    if kept.get(position, link.hash) != link.hash:
        return f"plaats {position} heeft een ander zegel dan u hebt"
    return ""


def _missing(chain: int, position: int) -> str:
    seal = LogSeal.objects.filter(chain=chain, position=position).first()
    if seal is None:
        return f"het zegel op plaats {position} is verwijderd"
    return f"regel {seal.entry_id} op plaats {position} is verwijderd"
