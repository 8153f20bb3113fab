"""How Spark says what a value is, over the files of the mirror: all but JSON as DuckDB does."""

from collections.abc import Mapping

from regulars.understand.filed import FilesEngine

_NUMBERS = "'^(BIGINT|DECIMAL|DOUBLE|FLOAT)'"
_VALUE = "try_element_at(cast(try_parse_json(e.props) as map<string, variant>), n)"
_TEXT = "try_element_at(from_json(e.props, 'map<string, string>'), n)"
_KIND = f"schema_of_variant({_VALUE})"
_DIGITS = "trim(trailing '.' from trim(trailing '0' from cast(try_cast(x as decimal(38, 18)) as string)))"
_PART = f"""coalesce(exists(try_variant_get(x, '$', 'array<variant>'), one -> case
    when schema_of_variant(one) rlike {_NUMBERS}
    then schema_of_variant(try_parse_json(y)) rlike {_NUMBERS}
        and try_variant_get(one, '$', 'double') = try_variant_get(try_parse_json(y), '$', 'double')
    when schema_of_variant(one) in ('STRING', 'BOOLEAN')
    then schema_of_variant(one) = schema_of_variant(try_parse_json(y))
        and try_variant_get(one, '$', 'string') = try_variant_get(try_parse_json(y), '$', 'string')
    else false end), false)"""


class SparkEngine(FilesEngine):
    """Spark over the views of a mirror: JSON is a text in a rule, and a variant where it is read."""

    spelled = "spark"
    json = "varchar"
    happened = FilesEngine.happened.replace("epoch_us", "unix_micros")
    of_facts: Mapping[str, str] = {
        "text_of": f"""case when `type` = 'number' then {_DIGITS.replace("x", "`value`", 1)}
            when not `type` in ('array', 'object') then `text` end""",
        "number_of": "`number`",
        "is_said": "`type` <> 'null'",
        "is_number": "`type` = 'number'",
        "is_plain": "not `type` in ('array', 'object')",
        "is_list": "`type` = 'array'",
        "json": "try_parse_json(`value`)",
    }
    of_json: Mapping[str, str] = {
        "text_of": f"""case when {_KIND} rlike {_NUMBERS} then {_DIGITS.replace("x", _TEXT, 1)}
            when not {_KIND} rlike '^(ARRAY|OBJECT)' then {_TEXT} end""",
        "number_of": f"case when {_KIND} rlike {_NUMBERS} then try_cast({_TEXT} as double) end",
        "is_said": f"coalesce({_KIND} <> 'VOID', false)",
        "is_number": f"{_KIND} rlike {_NUMBERS}",
        "is_plain": f"not coalesce({_KIND} rlike '^(ARRAY|OBJECT)', false)",
        "is_list": f"coalesce({_KIND} rlike '^ARRAY', false)",
        "json": _VALUE,
    }
    of_columns: Mapping[str, Mapping[str, str]] = {
        "text": {"text_of": "c", "number_of": "cast(null as double)", "json": "cast(null as variant)"},
        "number": {"number_of": "c", "is_number": "c is not null", "json": "cast(null as variant)"},
        "boolean": {
            "text_of": "cast(c as string)",
            "number_of": "cast(null as double)",
            "json": "cast(c as variant)",
        },
    }
    has_part = _PART
    is_json = "x = cast(y as string) and schema_of_variant(z) = 'BOOLEAN'"

    def place(self, name: str) -> str:
        """Return where a property stands in the JSON."""
        return name
