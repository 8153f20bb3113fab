-- Customers who are to go, or are gone: asked for, and carried out by a work process, some rows at a time.
create table remember_erasure (
    id uuid primary key,
    customer_id bigint not null,
    mode text not null check (mode in ('erase', 'anonymise')),
    by_customer boolean not null,           -- they asked for it themselves, on their own page
    asked_at timestamptz not null,
    state text not null default 'waiting' check (state in ('waiting', 'running', 'done')),
    identities bigint[] not null default '{}',  -- numbers that are nobody's any more
    stand_in bigint not null default 0,
    needles text[] not null default '{}',   -- their identifiers and their name, while it runs; nothing afterwards
    step text not null default '',          -- what is being let go of
    steps_done integer not null default 0,
    steps integer not null default 0,
    rows bigint not null default 0,         -- let go of so far
    worker text not null default '',        -- who does it; one who was silent too long has lost it
    beat_at timestamptz,
    finished_at timestamptz
);
create index remember_erasure_open on remember_erasure (asked_at) where state <> 'done';
create unique index remember_erasure_once on remember_erasure (customer_id) where state <> 'done';
create index remember_erasure_finished on remember_erasure (finished_at, id);
