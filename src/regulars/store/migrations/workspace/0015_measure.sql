-- What customers told us by finishing a form, as it was finished last, and the first message that quoted it.
create table measure_statement (
    response uuid primary key,
    said_at timestamptz not null,
    seq bigint not null,             -- the newest event that tells of it
    message_id bigint,               -- the message by which the customer saw that we remembered
    acknowledged_at timestamptz
);
create index measure_statement_said on measure_statement (said_at desc);
