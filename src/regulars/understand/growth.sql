-- name: made
-- When a segment was made.
select id, created_at from understand_segment where name = %(name)s;

-- name: growth
-- On which days a segment became another, and how many were in it at the end of each; those since a day, and one before.
with own as (
    select day, joined, "left", anew, sum(joined - "left" + anew) over (order by day)::bigint as size
    from understand_growth where segment_id = %(segment)s)
select day, joined, "left", anew, size from own
where day >= coalesce((select max(day) from own where day < %(since)s::date), '-infinity') order by day;

-- name: rules
-- On which days a segment was given another rule, and which version that was; its first is no other.
select cast(saved_at at time zone 'UTC' as date) as day, version from (
    select saved_at, version, rule is distinct from lag(rule) over (order by version) as other
    from understand_segment_version where segment_id = %(segment)s) as v
where other and version > 1 order by version;
