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


def end_with(parent: int) -> None:
    """End this process at once when its parent has ended. Everything we do survives that.

    On Linux the kernel does it; elsewhere, and should the kernel's word get lost, a thread looks twice a second.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    _look(parent)
    Thread(target=_watch, args=(parent,), name="lifeline", daemon=True).start()


def end_with_supervisor() -> None:
    """End with the supervisor, if one started this process."""
    if parent := os.environ.get(SUPERVISOR):
        end_with(int(parent))


def _watch(parent: int) -> None:
    while True:
        sleep(_LOOK)
        _look(parent)


def _look(parent: int) -> None:
    if os.getppid() != parent:
        os._exit(1)
