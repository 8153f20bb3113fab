"""A story of events, told to a fresh workspace and followed by this room."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from regulars.hear.identities import intern
from regulars.remember.followers import FOLLOWERS
from regulars.store.database import Database, Tx
from regulars.store.follow import Follower, Runner, register
from regulars.store.log import NewEvent, append
from regulars.store.records import head
from regulars.words.kinds import CONSENT_CHANGED, FORM_ANSWERED, IDENTIFY


class Story:
    """Appends events by the kind and value of an identity, and lets the followers catch up."""

    def __init__(self, database: Database, workspace: str, now: datetime) -> None:
        self.database = database
        self.workspace = workspace
        self.now = now
        self.runner = Runner(database)
        with self.tx() as tx:
            register(tx, FOLLOWERS)

    def tx(self) -> AbstractContextManager[Tx]:
        return self.database.workspace(self.workspace)

    def id(self, kind: str, value: str) -> int:
        with self.tx() as tx:
            return intern(tx, [(kind, value)])[kind, value]

    def tell(
        self, kind: str, identity: int, props: dict[str, Any] | None = None, *, at: datetime | None = None,
        public: bool = False,
    ) -> int:  # fmt: skip
        event = NewEvent(identity, at or self.now, kind, msgspec.json.encode(props or {}), public=public)
        with self.tx() as tx:
            append(tx, [event])
            return head(tx)

    def identify(
        self,
        identity: int,
        traits: dict[str, Any] | None = None,
        links: Sequence[int] = (),
        *,
        verified: bool = True,
        at: datetime | None = None,
    ) -> int:
        props = {"traits": traits or {}, "links": list(links), "verified": verified}
        return self.tell(IDENTIFY, identity, props, at=at)

    def answer(
        self,
        identity: int,
        answers: Sequence[dict[str, Any]] = (),
        consents: Sequence[dict[str, Any]] = (),
        *,
        verified: bool = True,
        at: datetime | None = None,
    ) -> int:
        props = {
            "form": "gift-quiz",
            "title": "Gifts",
            "response": "0199b6f0-0000-7000-8000-000000000001",
            "verified": verified,
            "message": None,
            "answers": list(answers),
            "consents": list(consents),
        }
        return self.tell(FORM_ANSWERED, identity, props, at=at)

    def consent(
        self, identity: int, *, granted: bool, words: str = "", at: datetime | None = None,
        how: str = "preferences",
    ) -> int:  # fmt: skip
        props = {"purpose": "marketing", "channel": "email", "granted": granted, "words": words, "how": how}
        return self.tell(CONSENT_CHANGED, identity, props, at=at)

    def follow(self, followers: Sequence[Follower] = FOLLOWERS) -> None:
        """Run the followers until none of them moves."""
        moved = True
        while moved:
            moved = False
            for follower in followers:
                moved |= self.runner.step(self.workspace, follower, self.now).moved

    def ask(self, question: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """Call a function of the room in a transaction."""
        with self.tx() as tx:
            return question(tx, *args, **named)

    def sql(self, statement: str, *params: Any) -> list[tuple[Any, ...]]:
        with self.tx() as tx:
            return tx.connection.execute(statement, params).fetchall()  # type: ignore[arg-type]


@pytest.fixture
def story(database: Database, workspace: str) -> Story:
    return Story(database, workspace, datetime(2026, 5, 3, 12, 0, tzinfo=UTC))
