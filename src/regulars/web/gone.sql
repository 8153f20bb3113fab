-- name: drop_drafts
-- Drop drafts of the team that name somebody.
delete from web_draft where exists (
    select from unnest(%(needles)s::text[]) as n (needle) where strpos(lower(fields::text), lower(n.needle)) > 0);

-- name: drop_done
-- Drop what the team did with somebody and could take back.
delete from web_done where kept ->> 'customer' = any (select unnest(%(identities)s::bigint[])::text)
    or exists (select from unnest(%(needles)s::text[]) as n (needle)
               where strpos(lower(label || ' ' || coalesce(kept::text, '')), lower(n.needle)) > 0);

-- name: blank_answers
-- Blank what was answered to programs where it names somebody: that it was done stays, so that it is done once.
update web_answer set answer = '{}' where exists (
    select from unnest(%(needles)s::bytea[]) as n (needle) where position(n.needle in answer) > 0);
