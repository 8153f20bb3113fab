-- What was said of orders, an event a row; the orders are folded from these, in whichever order they came.
create table remember_order_said (
    order_id text not null,
    seq bigint not null,
    identity_id bigint not null,
    at timestamptz not null,
    said jsonb not null,
    primary key (order_id, seq)
);
create index remember_order_said_identity on remember_order_said (identity_id);
create index remember_order_said_seq on remember_order_said (seq);

-- Orders as they are now; money in minor units (pence, cents) of their currency.
create table remember_order (
    id text primary key,
    identity_id bigint not null,           -- whose it is
    seq bigint not null,                   -- the event that first spoke of it
    placed_at timestamptz,                 -- null: only a refund is known
    changed_at timestamptz not null,
    state text not null check (state in ('placed', 'partly_refunded', 'refunded', 'cancelled', 'credit')),
    currency text not null,                -- ISO 4217; '' where nobody said
    total bigint not null,
    refunded bigint not null,
    net bigint not null,                   -- what it comes to: nothing where it was cancelled
    coupon text not null default ''
);
create index remember_order_identity on remember_order (identity_id);
create index remember_order_changed on remember_order (changed_at desc, id desc);

create table remember_order_line (
    order_id text not null references remember_order on delete cascade,
    n integer not null,
    product text not null,
    name text not null,
    category text not null,
    price bigint,                          -- of one piece; null where nobody said
    quantity integer not null,
    refunded integer not null,
    primary key (order_id, n)
);
create index remember_order_line_product on remember_order_line (product);

-- The catalogue of products, as events name them: of each field the newest word.
create table remember_product (
    id text primary key,
    name text not null default '',
    category text not null default '',
    brand text not null default '',
    price bigint,
    currency text not null default '',
    image text not null default '',
    url text not null default '',
    said jsonb not null default '{}',      -- when each field was said
    views bigint not null default 0,
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    folded text not null default ''        -- what a search looks at
);
create index remember_product_seen on remember_product (last_seen desc, id desc);

-- What an identity did, counted; a customer's computed facts are folded from these and from the orders.
create table remember_did (
    identity_id bigint not null,
    what text not null,                    -- 'seen', 'page', 'viewed', or 'category' with which one in `about`
    about text not null default '',
    count bigint not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    seq bigint not null,                   -- the last event counted
    primary key (identity_id, what, about)
);

-- A computed fact is the house's own: what others say by its name is kept, but does not hold.
alter table remember_fact_name add column computed boolean not null default false;
