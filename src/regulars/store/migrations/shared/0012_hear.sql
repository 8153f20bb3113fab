-- Links by which a program may bring a file, one each: gone when the file comes, and with the key that asked for it.
create table hear_awaited (
    id uuid primary key,
    workspace text not null references access_workspace on delete cascade,
    key integer not null references access_key (id) on delete cascade,
    until timestamptz not null
);
