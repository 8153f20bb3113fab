-- What came back of messages and was taken: whoever tells it again is not heard twice.
create table engage_return (
    key uuid primary key,
    at timestamptz not null
);
create index engage_return_at on engage_return (at);
