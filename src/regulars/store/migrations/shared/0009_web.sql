-- How much each key of the API may still ask for: a bucket that fills by itself. After a crash all of them are full.
create unlogged table web_allowance (
    key bytea primary key,             -- a hash, as with the keys themselves
    tokens double precision not null,
    granted double precision not null, -- what was taken out of it last, for whoever took it
    at timestamptz not null
);
