-- How often customers want to be written to at most, by identity, each statement with its proof; superseded ones stay.
create table remember_frequency (
    identity_id bigint not null,
    seq bigint not null,           -- the event that said so
    at timestamptz not null,
    days int,                      -- one message in so many days; null: as it comes
    proof jsonb not null,          -- the words, and how it was said
    primary key (identity_id, seq)
);
