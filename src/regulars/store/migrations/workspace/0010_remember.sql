-- What customers have withdrawn: a statement of that name made before holds no longer, whichever identity it came with.
create table remember_forgotten (
    identity_id bigint not null,
    name text not null,
    seq bigint not null,           -- the event that said so
    at timestamptz not null,
    primary key (name, identity_id, seq)
);
