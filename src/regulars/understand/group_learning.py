"""Learning groups of customers (k-means), in a process of its own, so that it takes nobody's turn.

`python -m` this module reads a Task from its input and writes what it Learned to its output. It has one thread, gives
way to every other process, and ends with its memory. The same task gives the same groups.

How many groups there are is chosen by how far they stand apart (silhouette: P. J. Rousseeuw, 1987), unless somebody
said it; a group that has most of an earlier one's customers keeps its number (Hungarian assignment).
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from math import asin, sqrt
from typing import Any, Literal

import msgspec

from regulars.understand.group_model import Amount, Feature, Model

FEWEST_IN = 5
"""Customers that a group has at least, and of whom something is said."""
MOST_GROUPS = 12
_OFFERED = range(3, 9)
_SECONDS = 300.0
_LACKING = 3
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_KINDLY = 5
_SEED = 7
_LOOKED_AT = 4_000
"""Customers from whom it is told how far groups stand apart: that compares each with each."""
_MANY = 20_000
_SAME, _TWINS = 1e-3, 0.95
_HEAVIEST = 1.5
"""What few have weighs no more than so, else a rare answer would make a group."""
_AS_BEFORE = 0.02
"""By how much other groups must be better for the earlier ones to go."""
_STILL = 0.3
_TELLING, _MOST_TOLD, _MOST_OF_ONE = 0.3, 6, 2

Kind = Literal["average", "middle", "days", "share", "unknown"]
Block = tuple[Feature, Any, Any]
"""A feature with its columns: as they were read, and where they are."""


class Task(msgspec.Struct, frozen=True):
    """Customers to part: a row each of `features` (float32, one row after the other), and the group before (int32)."""

    today: date
    features: list[Feature]
    rows: int
    matrix: bytes
    before: bytes
    wished: int | None
    last_number: int


class GroupDifference(msgspec.Struct, frozen=True):
    """What sets a group apart from all: an average, the middle of a number or of days since, or a share (0 to 1).

    It is the share of those who have a `value`, or of those of whom the fact is not known.
    """

    fact: str
    kind: Kind
    value: str
    mine: float
    theirs: float


class Learned(msgspec.Struct, frozen=True):
    """How somebody's group is told, and what sets each apart. Without a model nothing tells customers apart."""

    model: Model | None = None
    apart: float = 0.0
    differences: list[list[GroupDifference]] = []


def there() -> bool:
    """Return whether what it takes is installed: the extra `predict`."""
    return all(find_spec(one) for one in ("numpy", "scipy", "sklearn"))


def learn_apart(task: Task) -> Learned | None:
    """Learn in a process of its own; None where that failed or took too long."""
    command = [sys.executable, "-P", "-m", __name__]
    try:
        done = subprocess.run(  # noqa: S603 (our own module)
            command,
            input=msgspec.msgpack.encode(task),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_ONE_THREAD},
            timeout=_SECONDS,
            check=True,
        )
        return msgspec.msgpack.decode(done.stdout, type=Learned)
    except (OSError, subprocess.SubprocessError, msgspec.DecodeError):
        return None


def learn(task: Task) -> Learned:
    """Part customers into groups."""
    np: Any = import_module("numpy")
    matrix = np.frombuffer(task.matrix, "float32").reshape(task.rows, -1)
    blocks = _weighed(np, task.features, matrix)
    if not blocks:
        return Learned()
    at = np.hstack([placed for _, _, placed in blocks])
    before = np.frombuffer(task.before, "int32")
    found = _parted(np, at, before, task.wished)
    if found is None:
        return Learned()
    labels, apart = found
    count = int(labels.max()) + 1
    numbers = _numbered(np, labels, count, before, task.last_number)
    middles = [at[labels == one].mean(axis=0).tolist() for one in range(count)]
    differences = [_told(np, blocks, labels == one) for one in range(count)]
    return Learned(Model(task.today, [one for one, _, _ in blocks], numbers, middles), apart, differences)


def _weighed(np: Any, features: Sequence[Feature], matrix: Any) -> list[Block]:
    """Return the features that tell customers apart, all of the same weight; of twins the first."""
    kept, column = list[Block](), 0
    for one in features:
        read = matrix[:, column : column + one.columns].astype("float64")
        column += one.columns
        fitted = _fitted(np, one, read[:, 0]) if isinstance(one, Amount) else one
        placed = np.array([fitted.place(row) for row in read.tolist()])
        varied = float(placed.var(axis=0).sum())
        if varied < _SAME or any(_twins(np, placed, other) for _, _, other in kept):
            continue
        weight = min(1 / sqrt(varied), _HEAVIEST)
        kept.append((msgspec.structs.replace(fitted, weight=weight), read, placed * weight))
    return kept


def _fitted(np: Any, one: Amount, read: Any) -> Amount:
    known = read[~np.isnan(read)]
    if not known.size:
        return one
    logged = bool(known.min() >= 0)
    told = np.log1p(known) if logged else known
    spread = float(told.std())
    return msgspec.structs.replace(one, logged=logged, middle=float(told.mean()), spread=spread if spread > 0 else 1.0)


def _twins(np: Any, one: Any, other: Any) -> bool:
    """Return whether two features say the same: their numbers go together, or nearly all have the same values."""
    if one.shape != other.shape:
        return False
    varied = [column for column in range(one.shape[1]) if one[:, column].std() > 0 and other[:, column].std() > 0]
    return bool(varied) and all(abs(np.corrcoef(one[:, n], other[:, n])[0, 1]) > _TWINS for n in varied)


def _parted(np: Any, at: Any, before: Any, wished: int | None) -> tuple[Any, float] | None:
    """Return in which part each row is, the largest first, and how far the parts stand apart."""
    metrics: Any = import_module("sklearn.metrics")
    looked_at, best = at[:_LOOKED_AT], None
    earlier = np.unique(before[before > 0])
    for count in [wished] if wished else _OFFERED:
        if len(at) < count * FEWEST_IN:
            continue
        labels = _part(np, at, count, before, earlier)
        sizes = np.bincount(labels, minlength=count)
        seen = len(np.unique(labels[:_LOOKED_AT]))
        if sizes.min() < (1 if wished else max(FEWEST_IN, len(at) // 100)) or seen < 2:  # noqa: PLR2004 (two are apart)
            continue
        apart = float(metrics.silhouette_score(looked_at, labels[:_LOOKED_AT]))
        rank = apart + (_AS_BEFORE if count == len(earlier) else 0)
        if best is None or rank > best[0]:
            best = rank, apart, labels, sizes
    if best is None:
        return None
    _, apart, labels, sizes = best
    place = np.empty(len(sizes), dtype=int)
    place[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    return place[labels], apart


def _part(np: Any, at: Any, count: int, before: Any, earlier: Any) -> Any:
    """Return in which of so many parts each row is: those that go on from the groups before, where they do as well."""
    cluster: Any = import_module("sklearn.cluster")
    if len(at) > _MANY:
        coarse = cluster.MiniBatchKMeans(count, n_init=5, batch_size=4096, random_state=_SEED).fit(at)
        fresh = cluster.KMeans(count, init=coarse.cluster_centers_, n_init=1, max_iter=50).fit(at)
    else:
        fresh = cluster.KMeans(count, n_init=8, random_state=_SEED).fit(at)
    if len(earlier) == count:
        start = np.array([at[before == one].mean(axis=0) for one in earlier])
        same = cluster.KMeans(count, init=start, n_init=1, max_iter=50).fit(at)
        if same.inertia_ <= fresh.inertia_ * (1 + _AS_BEFORE):
            return same.labels_
    return fresh.labels_


def _numbered(np: Any, labels: Any, count: int, before: Any, last: int) -> list[int]:
    """Return the number of each part: that of the group before whose customers it has, else a new one."""
    optimize: Any = import_module("scipy.optimize")
    earlier, numbers = np.unique(before[before > 0]), [0] * count
    shared = np.array([[np.sum((labels == new) & (before == old)) for old in earlier] for new in range(count)])
    if len(earlier):
        known = shared.sum(axis=1)
        for new, old in zip(*optimize.linear_sum_assignment(-shared), strict=True):
            if shared[new, old] > _STILL * min(known[new], shared[:, old].sum()):
                numbers[new] = int(earlier[old])
    for new, number in enumerate(numbers):
        if not number:
            last += 1
            numbers[new] = last
    return numbers


def _told(np: Any, blocks: Sequence[Block], mine: Any) -> list[GroupDifference]:
    """Return what sets the rows of a part most apart from all."""
    found: list[tuple[float, GroupDifference]] = []
    for feature, read, placed in blocks:
        if isinstance(feature, Amount):
            found += _of_amount(np, feature, read[:, 0], placed[:, 0], mine)
        else:
            found += _of_shares(feature.fact, dict(zip([*feature.values, ""], read.T, strict=True)), mine)
    found.sort(key=lambda one: (-one[0], one[1].fact, one[1].value))
    told, of_one = list[GroupDifference](), dict[str, int]()
    for how_much, one in found:
        of_one[one.fact] = of_one.get(one.fact, 0) + 1
        if how_much >= _TELLING and of_one[one.fact] <= _MOST_OF_ONE:
            told.append(one)
    return told[:_MOST_TOLD]


def _of_amount(np: Any, one: Amount, read: Any, placed: Any, mine: Any) -> list[tuple[float, GroupDifference]]:
    known = ~np.isnan(read)
    if (known & mine).sum() < FEWEST_IN:
        return []
    middle = np.mean if one.counted else np.median
    told = [round(float(middle(read[some])), 2) for some in (known & mine, known)]
    kind: Kind = "average" if one.counted else "days" if one.days else "middle"
    how_much = abs(float(placed[known & mine].mean() - placed[known].mean())) / one.weight
    return [(how_much, GroupDifference(one.fact, kind, "", *told))] if told[0] != told[1] else []


def _of_shares(fact: str, shares: Mapping[str, Any], mine: Any) -> list[tuple[float, GroupDifference]]:
    """Return shares, and how far each is from that of all (Cohen's h); what few have less than others says little."""
    found: list[tuple[float, GroupDifference]] = []
    for value, has in shares.items():
        own, all_ = float(has[mine].mean()), float(has.mean())
        if 0 < has[mine].sum() < FEWEST_IN or own == all_:
            continue
        how_much = abs(2 * asin(sqrt(own)) - 2 * asin(sqrt(all_))) * (1 if own > all_ and value else 0.7)
        kind: Kind = "share" if value else "unknown"
        found.append((how_much, GroupDifference(fact, kind, value, own, all_)))
    return found


def main() -> int:
    """Learn what the input asks for."""
    os.nice(_KINDLY)
    if not there():
        return _LACKING
    task = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Task)
    sys.stdout.buffer.write(msgspec.msgpack.encode(learn(task)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
