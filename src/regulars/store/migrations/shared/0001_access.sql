-- What is common to all workspaces: who they are, who may come in, and with which key.
create table access_workspace (
    name text primary key check (name ~ '^[a-z][a-z0-9_]{0,40}$'),
    title text not null,
    delivery text not null default 'sandbox',  -- the channel that carries e-mail: sandbox or smtp
    sender text not null default '',           -- 'Name <address>', the From of every e-mail
    created_at timestamptz not null default now()
);

create table access_person (
    id bigint generated always as identity primary key,
    email text not null unique,
    name text not null default '',
    created_at timestamptz not null default now()
);

create table access_role (
    person_id bigint not null references access_person on delete cascade,
    workspace text not null references access_workspace on delete cascade,
    role text not null check (role in ('owner')),
    primary key (person_id, workspace)
);

-- One-time log-in links and the sessions they open. Only hashes are kept.
create table access_login_link (
    hash bytea primary key,
    person_id bigint not null references access_person on delete cascade,
    expires_at timestamptz not null,
    used_at timestamptz
);

create table access_session (
    hash bytea primary key,
    person_id bigint not null references access_person on delete cascade,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);

create table access_key (
    hash bytea primary key,
    workspace text not null references access_workspace on delete cascade,
    scope text not null check (scope in ('browser', 'write', 'read', 'admin')),
    created_at timestamptz not null default now()
);

-- The secret that signs links in messages; made at first start.
create table access_secret (
    name text primary key,
    value bytea not null
);

-- Public names (/f/<form>) are one space for all workspaces of an installation.
create table access_address (
    path text primary key,
    workspace text not null references access_workspace on delete cascade
);
