"""What must hold of one value, as a tree over the column `value` in words of `engines`: of facts, and of events."""

from decimal import Decimal
from typing import Any

from sqlglot import exp

from regulars.understand.rules import Bounds, Days, Scalar
from regulars.understand.trees import Values, tree

TEXT, NUMBER, DATE, SAID = "text_of(value)", "number_of(value)", "date_of(value)", "is_said(value)"


def over(test: exp.Expr, column: exp.Expr) -> exp.Expr:
    """Return a test with another column in the place of `value`."""

    def put(node: exp.Expr) -> exp.Expr:
        return column.copy() if isinstance(node, exp.Column) and not node.table and node.name == "value" else node

    return test.transform(put, copy=False)


def value_test(values: Values, test: str, value: Scalar | tuple[Scalar, ...] | Bounds) -> exp.Expr:
    """Return what must hold of a value, given that there is one."""
    match test, value:
        case "in", tuple() as chosen:
            return _one_of(values, chosen)
        case "bounds", Bounds() as bounds:
            return _between(values, bounds)
        case "contains", part:
            return _contains(values, part)
        case "is_not", other:
            return tree("not coalesce(t, false)", t=exp.paren(_equal(values, other)))
        case "is", same:
            return _equal(values, same)
        case _:
            return exp.true()


def _contains(values: Values, part: Any) -> exp.Expr:
    within = tree("is_list(value) and has_part(value, j)", j=values.json(part))
    if not isinstance(part, str):
        return within
    return tree(
        "case when is_list(value) then t else strpos(folded(text_of(value)), folded(p)) > 0 end",
        t=within,
        p=values.text(part),
    )


def _equal(values: Values, value: Any) -> exp.Expr:
    if isinstance(value, str):
        return tree(f"{TEXT} = v", v=values.text(value))
    if isinstance(value, bool):
        return tree("is_json(value, j)", j=values.json(value))
    return tree(f"{NUMBER} = v", v=values.number(value))


def _one_of(values: Values, chosen: tuple[Scalar, ...]) -> exp.Expr:
    """Return that a value is one of several: the texts are one parameter, and the numbers another."""
    texts = [one for one in chosen if isinstance(one, str)]
    numbers = [Decimal(repr(one)) for one in chosen if not isinstance(one, str | bool)]
    tests = [_equal(values, one) for one in chosen if isinstance(one, bool)]
    if texts:
        tests.append(tree(f"{TEXT} = any (v)", v=values.value(texts, "text[]")))
    if numbers:
        tests.append(tree(f"{NUMBER} = any (v)", v=values.value(numbers, "numeric[]")))
    return exp.or_(*tests)


def _between(values: Values, bounds: Bounds) -> exp.Expr:
    parts: list[exp.Expr] = []
    for bound, sign in ((bounds.at_least, ">="), (bounds.at_most, "<=")):
        if isinstance(bound, str):
            parts.append(tree(f"{DATE} {sign} v", v=values.text(bound)))
        elif bound is not None:
            parts.append(tree(f"{NUMBER} {sign} v", v=values.number(bound)))
    return exp.and_(*parts)


def day_tests(values: Values, days: Days, day: exp.Expr) -> list[exp.Expr]:
    """Return what must hold of a day; nothing where every day counts."""
    relative = (
        (days.within, "d > cast(%(today)s as date) - n"),
        (days.older_than, "d < cast(%(today)s as date) - n"),
        (days.between and days.between[0], "d <= cast(%(today)s as date) - n"),
        (days.between and days.between[1], "d >= cast(%(today)s as date) - n"),
    )
    fixed = ((days.since, "d >= n"), (days.until, "d <= n"))
    return [
        *(tree(sql, d=day.copy(), n=values.value(n, "int")) for n, sql in relative if n is not None),
        *(tree(sql, d=day.copy(), n=values.value(n, "date")) for n, sql in fixed if n is not None),
    ]
