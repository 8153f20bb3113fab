-- name: drop_drafts
-- Drop drafts of the team that name somebody.
delete from web_draft where fields::text ~* any (%(patterns)s::text[]);

-- name: drop_done
-- Drop what the team did with somebody and could take back.
delete from web_done where kept ->> 'customer' = any (select unnest(%(identities)s::bigint[])::text)
    or concat_ws(' ', to_json(label), kept) ~* any (%(patterns)s::text[]);

-- name: blank_answers
-- Blank what was answered to programs where it names somebody: that it was done stays, so that it is done once.
update web_answer set answer = '{}' where convert_from(answer, 'UTF8') ~* any (%(patterns)s::text[]);
