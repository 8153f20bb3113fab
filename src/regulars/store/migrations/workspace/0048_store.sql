-- By what an event that was cut is known again: a hash of its message id, by a secret of the workspace. It says of
-- nothing whose it was, and which event of the log it was.
create table store_cut (
    mark bytea primary key
);
create table store_cut_secret (
    secret bytea not null
);
insert into store_cut_secret select uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
