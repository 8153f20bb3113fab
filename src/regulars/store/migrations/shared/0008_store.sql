-- Which backups were made: whoever asks when the last one was, asks here.
create table store_backup (
    taken_at timestamptz primary key,  -- the moment that it holds
    ended_at timestamptz not null,
    bytes bigint not null,
    checked boolean not null,          -- it was loaded into a scratch place, and was whole
    place text not null                -- where it was written, as the machine that made it calls it
);

-- Which lines of the list of erasures this database has heard of. The list itself lies outside of it.
create table store_erasure (
    id uuid primary key,
    at timestamptz not null
);
