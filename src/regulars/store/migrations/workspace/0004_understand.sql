-- Events per identity, kind and UTC day: what segments count.
create table understand_rollup (
    identity_id bigint not null,
    kind smallint not null,
    day date not null,
    count integer not null,
    total double precision not null,   -- the money of the events: their total, revenue or value
    primary key (identity_id, kind, day)
);

create table understand_segment (
    id bigint generated always as identity primary key,
    name text not null unique check (name ~ '^[a-z0-9][a-z0-9-]{0,60}$'),
    title text not null,
    rule jsonb not null,
    created_at timestamptz not null default now(),
    built_seq bigint,               -- null until everybody has been asked once
    asked_on date                   -- the UTC day everybody was last asked on; null: ask everybody in the next round
);

create table understand_member (
    segment_id bigint not null references understand_segment on delete cascade,
    customer_id bigint not null,
    since timestamptz not null,
    primary key (segment_id, customer_id)
);
create index understand_member_customer on understand_member (customer_id);
create index understand_member_since on understand_member (segment_id, since, customer_id);
