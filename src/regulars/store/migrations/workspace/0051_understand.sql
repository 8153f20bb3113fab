-- What is bought together, as a round found it in the orders. Nothing here is said of anybody: it can be dropped at any
-- time, and is made anew from the orders.
create table understand_together (
    id text primary key,                    -- a hash of its products: the same when it is made anew
    given text[] not null,                  -- the products that are given ...
    follows text not null,                  -- ... and the one that is bought with them
    orders integer not null,                -- how many have all of them
    given_orders integer not null,
    follows_orders integer not null,
    all_orders integer not null,
    customers integer not null,             -- whose orders these are
    strongest boolean not null,             -- the surest of those about the same products
    support double precision not null generated always as (orders::float8 / all_orders) stored,
    confidence double precision not null generated always as (orders::float8 / given_orders) stored,
    lift double precision not null
        generated always as (orders::float8 * all_orders / (given_orders::float8 * follows_orders)) stored
);
create index understand_together_given on understand_together using gin (given);

-- When that was, and of what.
create table understand_together_made (
    one boolean primary key default true check (one),
    stand text not null,                    -- what the orders had come to: while it is the same, nothing is made anew
    made_at timestamptz not null,
    orders integer not null,
    fewest integer not null,                -- orders that a rule rests on
    cut text[] not null                     -- what was left out, to keep the work within bounds
);
