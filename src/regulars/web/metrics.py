"""`GET /metrics`: figures for Prometheus, in its text format 0.0.4.

A workspace's key with scope `read` or `admin` opens that workspace's figures. Those of all workspaces, and of the
processes that answer, are the operator's: they are told to the key that the setting `metrics_key` names. There is no
way in by address: behind a proxy everybody comes from this machine.
"""

from collections.abc import Iterable, Iterator, Mapping
from hmac import compare_digest
from itertools import accumulate

from litestar import Request, Response, get
from litestar.datastructures import State

from regulars.access.workspaces import list_workspaces
from regulars.store import records as store
from regulars.store.follow import lags
from regulars.web import records
from regulars.web.counting import BOUNDS, Figures, Took
from regulars.web.watching import Watch
from regulars.wiring import House
from regulars.words.errors import NoKey, Refused

_MEDIA = "text/plain; version=0.0.4; charset=utf-8"
_READERS = frozenset({"read", "admin"})
_LONGEST = 1000
_KINDS = {
    "regulars_log_sequence": ("counter", "The last sequence of the log: it grows with every event, and seldom skips."),
    "regulars_follower_behind": ("gauge", "How many sequences a follower is behind the log."),
    "regulars_follower_paused": ("gauge", "1 where a follower stands still by order."),
    "regulars_quarantined": ("gauge", "Events that a follower could not take."),
    "regulars_messages": ("gauge", "Messages in each state of the outbox."),
    "regulars_door_waiting": ("gauge", "Events that a process has taken in and not yet written."),
    "regulars_http_requests_total": ("counter", "Requests that a process answered."),
    "regulars_http_seconds": ("histogram", "How long answers took, in seconds."),
}

Sample = tuple[str, Mapping[str, str], float]


@get("/metrics", sync_to_thread=True)
def metrics(request: Request[object, object, State], state: State) -> Response[str]:
    """Tell what can be measured, to whoever has a key to it."""
    house: House = state.house
    watch: Watch = state.watch
    workspace = _opens(house, request.headers.get("authorization", ""))
    if workspace is not None:
        return Response(_written(_of_workspace(house, workspace)), media_type=_MEDIA)
    watch.keep()
    with house.database.shared() as tx:
        processes = records.list_figures(tx)
    samples = [one for workspace in list_workspaces(house.database) for one in _of_workspace(house, workspace.name)]
    samples += [one for process, figures in processes.items() for one in _of_process(process, figures)]
    return Response(_written(samples), media_type=_MEDIA)


def _opens(house: House, header: str) -> str | None:
    """Return the workspace whose figures a key opens, or None for the operator's, which opens all."""
    scheme, _, text = header.partition(" ")
    text = text.strip()
    if scheme.lower() != "bearer" or not text or len(text) > _LONGEST:
        raise NoKey("A key is missing. Send 'Authorization: Bearer KEY'; make one with 'regulars key create'.")
    if house.settings.metrics_key and compare_digest(text.encode(), house.settings.metrics_key.encode()):
        return None
    key = house.keys.check(text)
    if key.scope not in _READERS:
        raise Refused("A '{scope}' key cannot read. Use a read or an admin key.", scope=key.scope)
    return key.workspace


def _of_workspace(house: House, workspace: str) -> Iterator[Sample]:
    own = {"workspace": workspace}
    with house.database.workspace(workspace) as tx:
        yield "regulars_log_sequence", own, store.head(tx)
        for one in lags(tx):
            yield "regulars_follower_behind", own | {"follower": one.name}, one.behind
            yield "regulars_follower_paused", own | {"follower": one.name}, one.paused
        for follower, size in records.quarantine_sizes(tx).items():
            yield "regulars_quarantined", own | {"follower": follower}, size
        for state, size in records.outbox_states(tx).items():
            yield "regulars_messages", own | {"state": state}, size


def _of_process(process: str, figures: Figures) -> Iterator[Sample]:
    own = {"process": process}
    yield "regulars_door_waiting", own, figures.waiting
    for area, answers in figures.answers.items():
        for status, size in answers.items():
            yield "regulars_http_requests_total", own | {"area": area, "status": status}, size
    for area, took in figures.took.items():
        yield from _histogram(own | {"area": area}, took)


def _histogram(own: Mapping[str, str], took: Took) -> Iterator[Sample]:
    bounds = [*(str(bound) for bound in BOUNDS), "+Inf"]
    for bound, size in zip(bounds, accumulate(took.within), strict=True):
        yield "regulars_http_seconds_bucket", {**own, "le": bound}, size
    yield "regulars_http_seconds_sum", own, round(took.seconds, 6)
    yield "regulars_http_seconds_count", own, sum(took.within)


def _written(samples: Iterable[Sample]) -> str:
    """Write samples, those of one name together, each name with its kind and meaning."""
    lines: dict[str, list[str]] = {name: [] for name in _KINDS}
    for name, labels, value in samples:
        shown = ",".join(f'{label}="{text}"' for label, text in labels.items())
        family = next(known for known in _KINDS if name.startswith(known))
        lines[family].append(f"{name}{{{shown}}} {float(value)!r}")
    return "".join(
        f"# HELP {name} {_KINDS[name][1]}\n# TYPE {name} {_KINDS[name][0]}\n" + "".join(f"{line}\n" for line in found)
        for name, found in lines.items()
        if found
    )
