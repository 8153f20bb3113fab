-- The groups that customers fall into by what they do and answer, as a round found them. They can be dropped at any time, and are
-- found anew from the facts; only what the team calls them cannot.
create table understand_group (
    number integer primary key,             -- never another group's, so that a segment's rule keeps its meaning
    title text not null default '',         -- what the team calls it
    size bigint not null,
    found boolean not null,                 -- false: nobody is in it any more
    differences jsonb not null              -- what sets it apart, the most telling first
);

-- Who is in which.
create table understand_grouped (
    customer_id bigint primary key,
    number integer not null
);
create index understand_grouped_number on understand_grouped (number, customer_id);

-- How the finding of groups stands.
create table understand_grouping (
    one boolean primary key default true check (one),
    wished smallint,                        -- how many groups the team wants; null: what the customers show
    asked_at timestamptz,                   -- somebody wants them found now
    begun_at timestamptz,                   -- since when somebody learns them
    tried_at timestamptz,
    problem text not null default '' check (problem in ('', 'extra', 'few', 'same', 'failed')),
    model jsonb,                            -- how somebody's group is told from their facts; null: no walk is under way
    after bigint not null default 0,        -- the last customer whom the walk has put into one
    done bigint not null default 0,         -- how many that are ...
    whole bigint not null default 0,        -- ... of about so many
    made_at timestamptz,
    newest bigint not null default 0,       -- the newest customer at that time
    customers bigint not null default 0,
    drawn integer not null default 0,       -- customers from whom they were learned
    apart real not null default 0,          -- how far the groups stand apart, from 0 to 1 (silhouette)
    facts text[] not null default '{}'      -- by what
);
insert into understand_grouping default values;
