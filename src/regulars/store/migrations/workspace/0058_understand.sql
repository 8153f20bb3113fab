-- What was reckoned of everybody, kept with the question: of a large log it takes too long to be asked whenever somebody looks. It can
-- be dropped at any time.
create table understand_reckoned (
    key text primary key,                   -- a hash of the question
    kind text not null,
    question jsonb not null,
    looked_at timestamptz not null,
    wanted_at timestamptz,                  -- since when somebody waits for it to be reckoned, anew or for the first time
    begun_at timestamptz,                   -- when a work process began with that
    made_at timestamptz,
    answer jsonb,
    about text not null default '',         -- whose clock, which day, which version of a segment it was reckoned for
    moved bigint not null default 0,        -- how far what it rests on was derived then
    head bigint not null default 0,         -- the last event of the log then
    too_long boolean not null default false -- it took longer than is waited for
);
create index understand_reckoned_wanted on understand_reckoned (wanted_at) where wanted_at is not null;

-- Funnels that somebody gave a name; a deleted one has none for a while, and then it is gone.
create table understand_funnel (
    id bigint generated always as identity primary key,
    name text unique,
    title text not null,
    funnel jsonb not null,                  -- its steps, its window, which days and whom
    version integer not null default 1,
    created_at timestamptz not null,
    name_before text,
    deleted_at timestamptz
);

-- Every version of them.
create table understand_funnel_version (
    funnel_id bigint not null references understand_funnel on delete cascade,
    version integer not null,
    title text not null,
    funnel jsonb not null,
    saved_at timestamptz not null,
    primary key (funnel_id, version)
);
