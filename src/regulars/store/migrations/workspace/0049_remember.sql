-- How long events of a kind are kept whole; a kind that is not here is kept for ever.
create table remember_retention (
    kind text primary key,
    days integer not null check (days > 0)
);
-- How far the pass over the log is that lets go of what is over, and when it came to its end; one row.
create table remember_retention_pass (
    place bigint not null,
    ended_at timestamptz
);
insert into remember_retention_pass values (0, null);
