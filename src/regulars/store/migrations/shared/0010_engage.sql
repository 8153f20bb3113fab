-- Stopping to write to many: asked for in the console, done in pieces by whichever process has taken it.
create table engage_stop (
    workspace text not null references access_workspace on delete cascade,
    number integer not null,                       -- from 1 on in each workspace
    asked_by text not null,                        -- the e-mail of somebody of the team
    person_id integer not null,
    asked_at timestamptz not null,
    chosen json not null,                          -- customers by number, or what narrows the list they stand in
    purpose text not null,
    channel text not null,
    words text not null,                           -- why: the proof of each withdrawal
    how text not null,
    state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed')),
    worker text not null default '',               -- who does it; one who was silent too long has lost it
    beat_at timestamptz,
    place bigint not null default 0,               -- the last customer who was looked at,
    last bigint not null,                          -- and the last there is to look at: who comes later is not meant
    done bigint not null default 0,                -- customers looked at, of
    total bigint not null,
    stopped bigint not null default 0,             -- those of them who had allowed it, or said nothing
    finished_at timestamptz,
    primary key (workspace, number)
);
create index engage_stop_open on engage_stop (asked_at) where state in ('waiting', 'running');
