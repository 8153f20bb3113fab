-- Ways in besides the link: passwords and passkeys. What a house keeps of a password is its Argon2id hash.
alter table access_person add handle uuid not null default gen_random_uuid() unique;  -- what a passkey knows them by

create table access_password (
    person_id bigint primary key references access_person on delete cascade,
    hash text not null,
    set_at timestamptz not null
);

create table access_passkey (
    id bigint generated always as identity primary key,
    person_id bigint not null references access_person on delete cascade,
    credential bytea not null unique,
    public_key bytea not null,
    sign_count bigint not null,
    name text not null,
    added_at timestamptz not null,
    used_at timestamptz
);
create index access_passkey_person on access_passkey (person_id);

-- What a house keeps between two steps of a log-in, once and for minutes: the challenge that a passkey is to sign, say.
create table access_ticket (
    hash bytea primary key,
    purpose text not null,
    keeps jsonb not null,
    expires_at timestamptz not null
);
create index access_ticket_expires on access_ticket (expires_at);

-- How often somebody tried, kept by a hash of who: an account, an address, a device.
create table access_tally (
    kind text not null,
    whom bytea not null,
    tries integer not null,
    at timestamptz not null,
    forgotten_at timestamptz not null,
    primary key (kind, whom)
);
create index access_tally_forgotten on access_tally (forgotten_at);

alter table access_login_link add mailed boolean not null default false;  -- to whom it belongs; it was not typed out
