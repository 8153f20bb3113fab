"""Kill -9 at every point: nothing is sent twice, nothing is lost, and what nobody can know is said to be uncertain."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from time import monotonic

import pytest
from tests.speak.crashing import Journal

ROOT = Path(__file__).parents[2]
MESSAGES = 4


def settle(shop, channel, total):
    """Send with a sender that lives. The dead one's session, and its locks, go as soon as PostgreSQL sees it gone."""
    sender = shop.sender(channel)
    until = monotonic() + 10
    while len(states := shop.states()) < total or {"waiting", "claimed", "started"} & set(states):
        assert monotonic() < until, states
        sender.recover(shop.now)
        sender.send_some(shop.now)
    sender.close()


@pytest.mark.parametrize("idempotent", [False, True], ids=["not idempotent", "idempotent"])
def test_killed_at_any_point_nothing_is_sent_twice_and_nothing_is_lost(shop, postgres, tmp_path, idempotent):
    journal = tmp_path / "journal"
    journal.touch()
    says = "yes" if idempotent else "no"
    arguments = [
        sys.executable,
        "-m",
        "tests.speak.crashing",
        postgres,
        shop.workspace,
        journal,
        says,
        shop.now.isoformat(),
    ]
    died, doubts = 0, 0
    with subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        for point in range(1, 200):
            shop.segment(f"s{point}", *[shop.customer(f"c{point}-{n}") for n in range(MESSAGES)])
            shop.campaign(f"k{point}", segment=f"s{point}")
            program.stdin.write(f"{point}\n")
            program.stdin.flush()
            status = int(program.stdout.readline())
            settle(shop, Journal(journal, idempotent=idempotent), point * MESSAGES)
            doubts += check(shop, f"k{point}", journal, idempotent=idempotent)
            if status == 0:
                break
            died += 1
        program.stdin.close()
    assert status == 0
    assert died >= 15
    assert (doubts == 0) == idempotent


def check(shop, campaign, journal, *, idempotent):
    delivered = Counter(int(line) for line in journal.read_text().split())
    with shop.tx() as tx:
        states = dict(tx.rows(b"select id, state from speak_message where campaign = %(c)s", c=campaign))
        told = Counter(
            tx.values(
                b"select (e.props->>'message')::bigint from store_event e join store_kind k on k.id = e.kind"
                b" where k.name = 'message.sent' and e.props->>'campaign' = %(c)s",
                c=campaign,
            )
        )
    assert len(states) == MESSAGES
    assert set(states.values()) <= ({"sent"} if idempotent else {"sent", "uncertain"})
    for message, state in states.items():
        assert told[message] == (state == "sent")
        if idempotent:
            assert delivered[message] >= 1
        else:
            assert delivered[message] <= 1
            assert state == "uncertain" or delivered[message] == 1
    uncertain = list(states.values()).count("uncertain")
    assert uncertain <= Journal.connections
    return uncertain
