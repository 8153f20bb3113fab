-- Decisions not yet carried out, each once by its key.
create table decide_intent (
    id bigint generated always as identity primary key,
    key uuid not null unique,
    customer_id bigint not null,
    verb text not null,             -- 'say'
    name text not null,             -- what: the campaign
    cause bigint,                   -- the event it was decided for
    not_before timestamptz not null,
    valid_until timestamptz,
    created_at timestamptz not null default now(),
    taken_at timestamptz            -- when the room that carries it out took it over
);
create index decide_intent_waiting on decide_intent (verb, id) where taken_at is null;

-- Addresses that nothing may be sent to.
create table decide_suppression (
    identity_id bigint primary key,
    reason text not null,
    at timestamptz not null default now(),
    seq bigint
);
