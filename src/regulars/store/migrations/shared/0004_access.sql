-- Sessions that can be told apart and ended; invitations into a team; keys that have a name and are seen in use.
alter table access_session
    add id bigint generated always as identity unique,
    add seen_at timestamptz,
    add agent text not null default '';      -- what the browser says it is
update access_session set seen_at = created_at;
alter table access_session alter seen_at set not null;
create index access_session_person on access_session (person_id);

alter table access_role add seen_at timestamptz;  -- when they were last in this workspace

-- Who was asked to join and has not answered. The link is kept as its hash.
create table access_invitation (
    id bigint generated always as identity primary key,
    hash bytea not null unique,
    workspace text not null references access_workspace on delete cascade,
    email text not null,
    role text not null check (role in ('owner', 'marketer', 'agent', 'analyst', 'viewer')),
    invited_by bigint references access_person on delete set null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    unique (workspace, email)
);

alter table access_key
    add id bigint generated always as identity unique,
    add name text not null default '',
    add used_at timestamptz;
create index access_key_workspace on access_key (workspace);
