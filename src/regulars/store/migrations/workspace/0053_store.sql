-- The mirror of this workspace, while it has one: which files are its own, and how many times it was filled.
create table store_mirror (
    one boolean primary key default true check (one),
    id uuid not null,                       -- stands in the manifest, too: files of another house are not gone on with
    generation bigint not null
);
-- Events that were changed in place since they may have gone into the mirror: cut, or handed to somebody else.
create table store_rewritten (
    n bigint generated always as identity primary key,
    seq bigint not null
);
