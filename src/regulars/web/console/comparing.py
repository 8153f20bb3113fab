"""A segment beside the others: who is in both, and what sets two of them apart."""

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from regulars.remember.facts import catalogue
from regulars.understand import comparing, segments
from regulars.web.console.desk import AtDesk
from regulars.web.console.offering import called_here, doubles
from regulars.web.console.veil import refuse, telling_segments
from regulars.web.noting import notes


@get("/segments/{name:str}/beside", sync_to_thread=True, opt=notes("segment.seen", "segment", by="name"))
def beside(desk: AtDesk, name: FromPath[str], other: FromQuery[str] = "") -> Response[str]:
    """Show with which segments one shares customers; and what sets it apart from one that is chosen."""
    with desk.tx() as tx:
        telling, called = telling_segments(desk, tx), called_here(desk, tx)
        segment = segments.get_segment(tx, name)
        refuse([name, *([other] if other else [])], telling)
        left_out = {*called.hidden, *doubles(tx)}
        compared = comparing.compare(tx, name, other, left_out) if other and other != name else None
        return desk.page(
            "segment_beside.html",
            segment=segment,
            other=other,
            others=[(one, title) for one, title in segments.titles(tx).items() if one != name and one not in telling],
            overlaps=[one for one in comparing.overlaps(tx, name) if one.name not in telling],
            compared=compared,
            called=called,
            facts={name: desk.called(name, one.label) for name, one in catalogue(tx).items()},
            drawn=comparing.DRAWN,
        )


ROUTES = [beside]
