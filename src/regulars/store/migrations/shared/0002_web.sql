-- What each process that answers HTTP has counted so far, so that any of them can tell what all have.
create table web_process (
    name text primary key,           -- its number and a part drawn by chance: numbers come again
    at timestamptz not null,
    figures jsonb not null
);
