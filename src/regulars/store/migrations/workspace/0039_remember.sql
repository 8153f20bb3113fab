-- What the catalogue says of a fact besides its type: how it is called, how long it holds, and what it may be used for.
alter table remember_fact_name
    add column labels jsonb not null default '{}',      -- what it is called, by language
    add column shelf_days integer check (shelf_days > 0), -- older than this it is asked again; null: it holds for ever
    add column sensitive boolean not null default false,  -- shown only to those who act for customers
    add column purposes text[],                           -- what messages may use it for; null: for everything
    add column version integer not null default 1;

-- Every edit of a fact in the catalogue, so that it can be as it was.
create table remember_fact_version (
    name text not null references remember_fact_name on delete cascade,
    version integer not null,
    said jsonb not null,
    saved_at timestamptz not null,
    primary key (name, version)
);
