-- What is wrong with the installation itself, which is nobody's workspace: the same tables as in each workspace.
create table measure_finding (
    name text not null,
    about text not null,
    severity text not null check (severity in ('look', 'act')),
    began_at timestamptz not null,
    seen_at timestamptz not null,
    detail jsonb not null,
    told text not null default '',
    ended_at timestamptz,
    times integer not null default 0,
    primary key (name, about)
);

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
    target text not null,
    state text not null default 'waiting' check (state in ('waiting', 'told', 'failed')),
    attempts smallint not null default 0,
    due timestamptz not null,
    note text not null default '',
    told_at timestamptz,
    primary key (alert, way, target)
);
create index measure_telling_due on measure_telling (due) where state = 'waiting';

-- How full each disk was, hour by hour: where growth is read off.
create table measure_disk (
    place text not null,              -- 'data' or 'database'
    host text not null,
    hour timestamptz not null,
    free bigint,                      -- bytes; null where it cannot be seen from here
    used bigint not null,             -- bytes of ours
    primary key (place, host, hour)
);

-- When the installation was last looked at, so that of many workers one does it.
create table measure_round (
    name text primary key,
    began_at timestamptz not null
);
