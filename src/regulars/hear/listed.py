"""What is said of somebody who is put on a list, or taken off one."""

import msgspec


class Listed(msgspec.Struct, frozen=True):
    """On which list somebody is from now on, or is no more, and who of the team or which key said so."""

    list: str
    on: bool
    by: str
