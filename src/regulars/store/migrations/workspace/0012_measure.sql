-- How many events of each kind were taken in each hour: what is usual is read off it. Kind 0: the house was awake.
create table measure_hour (
    kind smallint not null,
    hour timestamptz not null,
    count integer not null,
    slots integer not null,          -- bit n: something was taken in the n-th five minutes
    last timestamptz not null,
    primary key (kind, hour)
);
create index measure_hour_hour on measure_hour (hour);

-- Kinds of event whose figure is unusual just now, as the last look found.
create table measure_figure (
    kind text primary key,
    shape text not null check (shape in ('stopped', 'fell', 'rose')),
    since timestamptz not null,
    found jsonb not null
);

-- Kinds of event that nobody wants to hear of.
create table measure_unwatched (
    kind text primary key
);

-- How fast each follower moves, from one minute to the next; '' is the log itself, which grows.
create table measure_pace (
    follower text primary key,
    at timestamptz not null,
    cursor bigint not null,
    pace double precision not null    -- sequences a second
);

-- What is wrong just now, and whether it was told.
create table measure_finding (
    name text not null,
    about text not null,
    severity text not null check (severity in ('look', 'act')),
    began_at timestamptz not null,
    seen_at timestamptz not null,
    detail jsonb not null,
    told text not null default '',    -- the severity that was told; '' while it has not been told
    ended_at timestamptz,
    times integer not null default 0, -- how often it has ended lately: what comes and goes must stay away longer
    primary key (name, about)
);

-- What was told, one row a telling of everybody; and to whom, one row each.
create table measure_alert (
    id text primary key,
    at timestamptz not null,
    change text not null check (change in ('began', 'worsened', 'ended', 'test')),
    name text not null,
    about text not null,
    severity text not null,
    began_at timestamptz not null,
    detail jsonb not null
);
create index measure_alert_at on measure_alert (at);

create table measure_telling (
    alert text not null references measure_alert on delete cascade,
    way text not null check (way in ('mail', 'webhook')),
    target text not null,             -- an e-mail address; of a webhook, the workspace whose it is
    state text not null default 'waiting' check (state in ('waiting', 'told', 'failed')),
    attempts smallint not null default 0,
    due timestamptz not null,
    note text not null default '',
    told_at timestamptz,
    primary key (alert, way, target)
);
create index measure_telling_due on measure_telling (due) where state = 'waiting';

-- Who of the team gets alerts by mail, and where they are posted to.
create table measure_listener (
    person_id bigint primary key
);

create table measure_webhook (
    one boolean primary key default true check (one),  -- there is one
    url text not null,
    secret bytea not null
);

-- In which language alerts are written.
create table measure_language (
    one boolean primary key default true check (one),  -- there is one
    locale text not null
);
