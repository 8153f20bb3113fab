create table engage_form (
    id bigint generated always as identity primary key,
    name text not null unique check (name ~ '^[a-z0-9][a-z0-9-]{0,60}$'),
    title text not null,
    survey jsonb not null,           -- SurveyJS JSON
    created_at timestamptz not null default now()
);

-- One filled form: one per visitor, and one per message that asked. Changing an answer opens it again.
create table engage_response (
    id uuid primary key,
    form text not null references engage_form (name) on delete cascade,
    identity_id bigint not null,
    verified boolean not null,       -- came by a link we sent to that address
    message_id bigint,               -- the message that asked
    answers jsonb not null default '{}',
    started_at timestamptz not null,
    finished_at timestamptz,         -- null while it is being filled or changed
    unique nulls not distinct (form, identity_id, message_id)
);
create index engage_response_form on engage_response (form, started_at desc, id);

-- Addresses typed by visitors we do not know, until the owner of the mailbox says yes (double opt-in).
create table engage_confirmation (
    hash bytea primary key,          -- of the secret in the mail
    response_id uuid not null references engage_response on delete cascade,
    identity_id bigint not null,     -- the visitor
    address text not null,
    consents jsonb not null,         -- what was ticked, in its words
    asked_at timestamptz not null,
    expires_at timestamptz not null,
    confirmed_at timestamptz
);
create index engage_confirmation_address on engage_confirmation (address, asked_at);
create index engage_confirmation_identity on engage_confirmation (identity_id, asked_at);
