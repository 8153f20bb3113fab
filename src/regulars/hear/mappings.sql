-- name: keep_mapping
-- Keep a mapping, in place of the one of its name; nothing where there are as many as there may be.
insert into hear_mapping (name, plan, columns, kept_by, kept_at)
select %(name)s, %(plan)s::json, %(columns)s, %(who)s, %(now)s
where exists (select from hear_mapping where name = %(name)s) or (select count(*) from hear_mapping) < %(most)s
on conflict (name) do update
set plan = excluded.plan, columns = excluded.columns, kept_by = excluded.kept_by, kept_at = excluded.kept_at;

-- name: hold_mappings
-- Wait for whoever else keeps a mapping just now, and let others wait.
select pg_advisory_xact_lock(hashtextextended(current_schema() || ' mappings', 0));

-- name: list_mappings
-- All mappings, by name.
select name, plan, kept_by, kept_at from hear_mapping order by name;

-- name: get_mapping
-- One mapping.
select name, plan, kept_by, kept_at from hear_mapping where name = %(name)s;

-- name: mapping_of_columns
-- The newest mapping of a kind of file with just these columns; of any kind where none is said.
select name, plan, kept_by, kept_at from hear_mapping
where columns = %(columns)s and (%(what)s::text is null or plan ->> 'what' = %(what)s)
order by kept_at desc, name limit 1;

-- name: drop_mapping
-- Let go of a mapping.
delete from hear_mapping where name = %(name)s;
