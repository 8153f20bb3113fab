-- How a workspace looks and speaks to its customers, and when it was closed.
alter table access_workspace
    add accent text not null default '#9c3f24' check (accent ~ '^#[0-9a-f]{6}$'),
    add tone text not null default 'friendly' check (tone in ('friendly', 'formal')),
    add languages text[] not null default '{}',   -- offered to customers, the default one first; none: all there are
    add zone text not null default 'UTC',          -- by whose clock dates and times are written
    add logo text not null default '',             -- the file name of the logo: its content's hash; '': none
    add logo_width integer not null default 0,
    add logo_height integer not null default 0,
    add closed_at timestamptz,                     -- deleted: it answers nobody, and is dropped seven days later
    add closed_by text not null default '';

-- Everything of a workspace in a file: asked for, written by a work process, kept for some days.
create table access_export (
    workspace text not null references access_workspace on delete cascade,
    number integer not null,                       -- from 1 on in each workspace
    asked_by text not null,
    asked_at timestamptz not null,
    state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'gone')),
    writer text not null default '',               -- who writes it; one who was silent too long has lost it
    beat_at timestamptz,
    done bigint not null default 0,                -- rows written, of
    total bigint not null default 0,
    bytes bigint not null default 0,               -- of the file
    finished_at timestamptz,
    primary key (workspace, number)
);
create index access_export_open on access_export (asked_at) where state in ('waiting', 'running');
