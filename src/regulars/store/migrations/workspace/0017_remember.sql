-- Pauses from messages by identity, each statement with its proof; superseded ones stay.
create table remember_pause (
    identity_id bigint not null,
    seq bigint not null,           -- the event that said so
    at timestamptz not null,
    until timestamptz,             -- when it is over by itself; null: it was ended
    proof jsonb not null,          -- the words, and how it was said
    primary key (identity_id, seq)
);
