-- At which purchase stage somebody is in a category of products, as a round found it in what they looked at and bought. It can be
-- dropped at any time, and is made anew from the events.
create table understand_stage (
    customer_id bigint not null,
    category text not null,
    stage text not null check (stage in ('intent', 'evaluation', 'purchase', 'after_sale')),
    at timestamptz not null,                -- the last thing that shows it
    primary key (customer_id, category)
);
create index understand_stage_of on understand_stage (category, stage, customer_id);

-- When time alone makes it another.
create table understand_stage_due (
    customer_id bigint primary key,
    due date not null
);
create index understand_stage_due_day on understand_stage_due (due, customer_id);

-- How somebody buys a product, in the last year.
create table understand_way (
    customer_id bigint not null,
    product text not null,
    orders integer not null,
    again integer not null,                 -- of these, after they had bought it before
    watched integer not null,               -- not again, and it is known what they looked at before
    compared integer not null,              -- of these, after they had compared
    last_at timestamptz not null,
    primary key (customer_id, product)
);

-- What kind of product it is by how all buy it.
create table understand_kind (
    product text primary key,
    kind text not null check (kind in ('standard', 'compared', 'at_sight', '')),
    customers integer not null,
    orders integer not null,
    again integer not null,
    watched integer not null,
    compared integer not null
);

-- How far the events are read, and when the kinds were made.
create table understand_stages_made (
    one boolean primary key default true check (one),
    seq bigint not null,
    kinds_at timestamptz,
    kinds_seq bigint not null default 0     -- how far they were read then
);
