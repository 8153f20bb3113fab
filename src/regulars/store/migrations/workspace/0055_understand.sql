-- Who buys: a customer with what their orders come to, ranked among all others, as a round found it in the orders. It can be
-- dropped at any time, and is made anew from the orders.
create table understand_buyer (
    customer_id bigint primary key,
    first_at timestamptz not null,
    last_at timestamptz not null,
    orders integer not null,
    currency text not null,                 -- the one of most of their orders ...
    net bigint not null,                    -- ... and what those come to, in its minor units
    recency smallint,                       -- how lately, how often and for how much, from 1 to 5; null: too few buy
    frequency smallint,
    money smallint
);
create index understand_buyer_cell on understand_buyer (recency, frequency, customer_id);

-- What was bought in a month of the workspace's clock, by whom: a customer is new in the month of their first order.
create table understand_buying_month (
    month date not null,
    currency text,                          -- null: of all, in which there is no money
    new_customers integer not null,
    returning_customers integer not null,
    new_orders integer not null,
    returning_orders integer not null,
    new_net bigint not null,                -- in minor units
    returning_net bigint not null
);

-- When that was, and of what.
create table understand_buyers_made (
    one boolean primary key default true check (one),
    stand text not null,                    -- what the orders had come to: while it is the same, nothing is made anew
    made_at timestamptz not null,
    customers integer not null,
    orders integer not null,
    lines integer not null
);

-- How far a walk is that ranks them, while it is under way.
create table understand_buyers_walk (
    one boolean primary key default true check (one),
    stand text not null,                    -- what the orders had come to when it began
    zone text not null,
    bounds jsonb not null,                  -- from which value on each fifth began
    after bigint not null default 0         -- the last customer who is ranked
);
