"""No process outlives the one that started it, however that one ended."""

import ctypes
import os
import signal
import sys
from threading import Thread
from time import sleep

SUPERVISOR = "REGULARS_SUPERVISOR"
"""The environment variable with the number of the process that a child must not outlive."""

_PR_SET_PDEATHSIG = 1
_LOOK = 0.5


def end_with(parent: int, how: signal.Signals = signal.SIGKILL) -> None:
    """Signal this process when its parent has ended: at once, or in order by SIGTERM. Everything we do survives both.

    On Linux the kernel does it; elsewhere, and should the kernel's word get lost, a thread looks twice a second.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), how)
    Thread(target=_watch, args=(parent, how), name="lifeline", daemon=True).start()


def end_with_supervisor(how: signal.Signals = signal.SIGKILL) -> None:
    """End with the supervisor, if one started this process."""
    if parent := os.environ.get(SUPERVISOR):
        end_with(int(parent), how)


def _watch(parent: int, how: signal.Signals) -> None:
    while os.getppid() == parent:
        sleep(_LOOK)
    os.kill(os.getpid(), how)
