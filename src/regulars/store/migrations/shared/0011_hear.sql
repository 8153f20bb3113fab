-- Files that were brought: looked at, tried and taken in by whichever work process has taken them.
create table hear_import (
    workspace text not null references access_workspace on delete cascade,
    number integer not null,                       -- from 1 on in each workspace
    asked_by text not null,
    asked_at timestamptz not null,
    file text not null,                            -- what it is called
    bytes bigint not null,
    plan json not null,                            -- how it is read, and what its columns are
    state text not null default 'draft'
        check (state in ('draft', 'trying', 'tried', 'waiting', 'running', 'done', 'failed', 'cancelled')),
    worker text not null default '',               -- who does it; one who was silent too long has lost it
    beat_at timestamptz,
    place bigint not null default 0,               -- how far the file was read, of
    size bigint not null default 0,
    outcome json not null default '{}',            -- what came of it until then
    rejected_bytes bigint not null default 0,      -- how long the file of rejected rows is
    problem text not null default '',
    finished_at timestamptz,
    primary key (workspace, number)
);
create index hear_import_open on hear_import (asked_at) where state in ('trying', 'waiting', 'running');
