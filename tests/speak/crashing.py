"""A sender that dies at the n-th point of its work, as by kill -9: run as a program, told n on standard input.

The points: before and after each commit, before and after each delivery. For each n it forks, and answers with the
exit status of the fork: 9 where it died, 0 where it came to the end first.
"""

import os
import sys
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

from tests.speak.scene import Post, gift_budget

from regulars.access.links import Links
from regulars.speak.outbox import Sender
from regulars.store.database import Database


class Journal(Post):
    """Notes deliveries on disk, where they outlive the process; each is the outside world's fact."""

    def __init__(self, path, *, idempotent, step=lambda: None):
        super().__init__(idempotent=idempotent)
        self.path, self.step = Path(path), step

    def deliver(self, envelope):
        self.step()
        with self.lock, self.path.open("a") as file:
            file.write(f"{envelope.message_id}\n")
        self.step()


def dying(point):
    points = count(1)

    def step():
        if next(points) == point:
            os._exit(9)

    return step


def work(url, workspace, journal, idempotent, now, point):
    step = dying(point)
    whole = Database.workspace

    @contextmanager
    def workspace_with_points(self, name):
        with whole(self, name) as tx:
            yield tx
            step()
        step()

    Database.workspace = workspace_with_points
    channel = Journal(journal, idempotent=idempotent, step=step)
    sender = Sender(Database(url), workspace, channel, Links(b"secret"), "https://shop.example", asker=gift_budget)
    while sender.send_some(now):
        pass
    os._exit(0)


if __name__ == "__main__":
    url, workspace, journal, idempotent, now = sys.argv[1:]
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            work(url, workspace, journal, idempotent == "yes", datetime.fromisoformat(now), int(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
