-- Links that the rules refused: two customers who may be one, or two people on one browser.
create table remember_refused (
    one bigint not null,
    other bigint not null,
    seq bigint not null,           -- the first event that said so
    primary key (one, other)
);

-- Customers who may be one: what a round finds, to be looked at.
create table remember_suspect (
    one bigint not null,
    other bigint not null check (one < other),
    reasons text[] not null,       -- the strongest first
    rank smallint not null,        -- of the strongest
    later timestamptz,             -- somebody wants to be asked again then
    primary key (one, other)
);
create index remember_suspect_rank on remember_suspect (rank, one, other);
