-- Which customer an identity belongs to. A customer's id is that of the identity it was first met by.
create table remember_identity (
    identity_id bigint primary key,
    customer_id bigint not null,
    seq bigint not null            -- the event that put it there
);
create index remember_identity_customer on remember_identity (customer_id);

create table remember_customer (
    id bigint primary key,
    name text not null default '',
    created_at timestamptz not null       -- when the first of its identities was first met
);

-- What a customer is found by. Apart, because it is wide: counting and paging customers read few pages.
create table remember_search (
    customer_id bigint primary key references remember_customer on delete cascade,
    folded text not null,                 -- name and identifiers, folded
    grams text[] not null                 -- the single characters and pairs of `folded`
);
create index remember_search_grams on remember_search using gin (grams);

-- The catalogue of facts: what may be known, and of which type.
create table remember_fact_name (
    name text primary key,
    kind text not null check (kind in ('text', 'number', 'date', 'boolean', 'list')),
    label text not null default ''
);

-- Every statement ever learned, by the identity it came with; superseded ones stay.
create table remember_fact (
    identity_id bigint not null,
    name text not null,
    seq bigint not null,           -- the event it was learned from
    at timestamptz not null,       -- when it was said
    source text not null check (source in ('said', 'did', 'inferred', 'imported')),
    verified boolean not null,     -- false: came with a public key or a bare form; never quoted, never an address
    value jsonb not null,          -- of the catalogue's type; null where the words do not fit it
    words text not null,           -- in the words in which it was learned
    origin text not null,          -- where: the form, the source
    primary key (identity_id, name, seq)
);

-- A customer's facts now: the newest statement (verified ones first, then by at, then seq) over its identities.
create table remember_current (
    customer_id bigint not null,
    name text not null,
    identity_id bigint not null,
    seq bigint not null,
    at timestamptz not null,
    source text not null,
    verified boolean not null,
    value jsonb not null,
    words text not null,
    origin text not null,
    primary key (customer_id, name)
);
create index remember_current_name on remember_current (name, customer_id);

-- Consent by identity, purpose and channel, each statement with its proof; superseded ones stay.
create table remember_consent (
    identity_id bigint not null,
    purpose text not null,
    channel text not null,
    seq bigint not null,
    at timestamptz not null,
    granted boolean not null,
    proof jsonb not null,          -- the words agreed to, the form and response, or who said so
    primary key (identity_id, purpose, channel, seq)
);
