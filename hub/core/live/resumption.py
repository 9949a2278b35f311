"""What a client that resumes a subscription has already."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from hub.core.live.client import Client
from hub.core.live.log_place import LogPlace
from hub.core.live.update import Update


class Known(Struct, frozen=True):
    """What a client has: positions up to ``seq`` of this node (None: it comes from another one), or up to the entry
    ``entry`` of the log; facts up to the number ``facts`` of this node."""

    seq: int | None
    entry: int
    facts: int

    def lacks(self, update: Update) -> bool:
        """Whether the client may not have a position."""
        if self.seq is not None:
            return update.seq > self.seq
        return not update.entry or update.entry > self.entry


NOTHING = Known(0, 0, 0)


class Resumption(Struct, frozen=True):
    """Where a client stopped: ``epoch`` and ``seq`` of the node that it was connected to, and the token ``resume``,
    which every node understands. Either may be missing."""

    epoch: str = ""
    seq: int = -1
    resume: str | None = None

    def known(self, epoch: str, seq: int, place: LogPlace) -> Known | None:
        """What the client has, as the node with this epoch, number and place in the log sees it; None: not known."""
        if self.epoch == epoch and place.since <= self.seq <= seq:
            return Known(self.seq, 0, self.seq)
        entry = place.entry_of(self.resume) if self.resume else None
        return None if entry is None else Known(None, entry, place.facts_before(entry))


def token(place: LogPlace, client: Client, held: Sequence[Update]) -> str | None:
    """The token of a client from which ``held`` are held back, the oldest of each subscription; None where its last
    one stays the best."""
    if not held:
        return place.token()
    pending = [update.entry for s in client.held.values() for update in s.pending.values()]
    # One that is not in the log yet may be there, unknown to this node, before the entry that was read last.
    return place.token(min(pending) - 1) if all(pending) else None
