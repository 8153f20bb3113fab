-- What was answered to requests that carry an Idempotency-Key, for a day.
create table web_answer (
    key text primary key,
    request bytea not null,          -- a hash of what was asked: method, path and body
    status integer,                  -- null only inside the transaction that carries the request out
    answer bytea,
    at timestamptz not null
);
create index web_answer_at on web_answer (at);
