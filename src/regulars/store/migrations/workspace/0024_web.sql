-- What somebody of the team has just done: the next page says it, and where it can be taken back, it is for an hour.
create table web_done (
    id bigint generated always as identity primary key,
    person_id bigint not null,
    kind text not null,              -- such as 'segments.deleted'
    count integer not null,
    label text not null,             -- what it was, where it was one
    kept json,                       -- what taking it back needs; null where it cannot be taken back
    at timestamptz not null,
    undone_at timestamptz
);
create index web_done_at on web_done (at);
