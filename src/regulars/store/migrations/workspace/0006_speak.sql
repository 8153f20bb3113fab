create table speak_template (
    id bigint generated always as identity primary key,
    name text not null check (name ~ '^[a-z0-9][a-z0-9-]{0,60}$'),
    version integer not null,
    subject text not null,
    html text not null,
    text text not null,
    ask text,                        -- the form whose first question the message asks
    created_at timestamptz not null default now(),
    unique (name, version)
);

create table speak_campaign (
    id bigint generated always as identity primary key,
    name text not null unique check (name ~ '^[a-z0-9][a-z0-9-]{0,60}$'),
    title text not null,
    segment text not null,
    template text not null,
    purpose text not null,
    channel text not null,           -- 'email'
    state text not null default 'draft' check (state in ('draft', 'live', 'stopped')),
    launched_at timestamptz,
    created_at timestamptz not null default now()
);

-- The outbox, and afterwards the memory of what was said and why.
create table speak_message (
    id bigint generated always as identity primary key,
    intent_id bigint unique,         -- null: no decision about a customer, but a notice
    notice jsonb,                    -- a notice: the address, which is nobody's yet, and what it says
    campaign text not null,          -- '' of a notice
    customer_id bigint not null,
    cause bigint,
    state text not null default 'waiting'
        check (state in ('waiting', 'claimed', 'started', 'sent', 'refused', 'failed', 'uncertain')),
    due timestamptz not null,
    valid_until timestamptz,
    attempts smallint not null default 0,
    claimed_by text,
    claimed_at timestamptz,
    identity_id bigint,              -- the address it went to
    template_id bigint,
    used jsonb,                      -- the facts it quoted, and the rest it was rendered from
    consent_seq bigint,              -- the consent it rested on
    reason text,                     -- why it was refused or failed
    sent_at timestamptz,
    created_at timestamptz not null default now()
);
create index speak_message_due on speak_message (due, id) where state = 'waiting';
create index speak_message_open on speak_message (claimed_by) where state in ('claimed', 'started');
create index speak_message_customer on speak_message (customer_id, id);
create index speak_message_campaign on speak_message (campaign, state);
