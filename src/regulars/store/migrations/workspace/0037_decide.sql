-- Addresses of people who had everything forgotten, as hashes: nothing is sent to them until they say so themselves.
create table decide_unwanted (
    hash text primary key,
    at timestamptz not null
);
