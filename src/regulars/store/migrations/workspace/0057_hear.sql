-- How files were understood, kept under names: the next file with the same columns is understood so, too.
create table hear_mapping (
    name text primary key,
    plan json not null,                     -- how a file is read, and what each of its columns is
    columns text[] not null,                -- the names of the columns, in order: by them a file is known again
    kept_by text not null,
    kept_at timestamptz not null
);
