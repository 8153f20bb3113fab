create table engage_form (
    id bigint generated always as identity primary key,
    name text not null unique check (name ~ '^[a-z0-9][a-z0-9-]{0,60}$'),
    title text not null,
    survey jsonb not null,           -- SurveyJS JSON
    created_at timestamptz not null default now()
);

create table engage_response (
    id uuid primary key,
    form text not null,
    identity_id bigint not null,
    verified boolean not null,       -- came by a link we sent to that address
    message_id bigint,               -- the message that asked
    answers jsonb not null default '{}',
    started_at timestamptz not null default now(),
    finished_at timestamptz,
    seq bigint                       -- the event it became
);
create index engage_response_form on engage_response (form, started_at desc);
create unique index engage_response_message on engage_response (message_id, form) where message_id is not null;
