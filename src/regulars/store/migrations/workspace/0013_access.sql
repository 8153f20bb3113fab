-- The logos that a workspace has had: mail that was sent before still shows the one of its day.
create table access_logo (
    name text primary key,           -- its content's hash, with the ending of its kind
    image bytea not null,
    added_at timestamptz not null
);
