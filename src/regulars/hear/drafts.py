"""A draft: an event that has been read and not yet appended, for its identifiers have no numbers yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from regulars.hear.identities import Pair
from regulars.store.log import NewEvent
from regulars.words.kinds import ALIAS


class Draft(msgspec.Struct, frozen=True, gc=False):
    """An event whose identifiers have no numbers yet."""

    identity: Pair
    kind: str
    at: datetime
    mid: int | None
    props: bytes
    context: bytes | None
    links: tuple[Pair, ...] | None = None
    """Other identifiers of the same person; None where the event is none that says so (identify, alias)."""
    verified: bool = False
    public: bool = False
    """It came with a key that stands in page source."""
    historical: bool = False
    """It happened before we were there: acting followers never see it."""
    source: int | None = None
    """The number of the key that it came with."""

    def event(self, numbers: Mapping[Pair, int]) -> NewEvent:
        """Return the event, given the numbers of its identifiers."""
        props = self.props
        if self.links is not None:
            links = ",".join(str(numbers[pair]) for pair in self.links)
            flag = b"true" if self.verified else b"false"
            said = b"previous_id" if self.kind == ALIAS else b"traits"
            props = b'{"%b":%b,"links":[%b],"verified":%b}' % (said, props, links.encode(), flag)
        return NewEvent(
            numbers[self.identity],
            self.at,
            self.kind,
            props,
            mid=self.mid,
            historical=self.historical,
            context=self.context,
            source=self.source,
            public=self.public,
        )


def pairs_of(drafts: Sequence[Draft]) -> set[Pair]:
    """Return every identifier that some drafts name."""
    pairs = {draft.identity for draft in drafts}
    for draft in drafts:
        pairs.update(draft.links or ())
    return pairs
