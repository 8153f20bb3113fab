-- Why nothing is sent to an address: it came back, for good or on several days, or whoever has it called a message spam.
alter table decide_suppression add column why text not null default 'bounced'
    check (why in ('bounced', 'soft', 'complained'));
create index decide_suppression_at on decide_suppression (at desc, identity_id desc);

-- On which days mail to an address came back for a while.
create table decide_soft_bounce (
    identity_id bigint not null,
    day date not null,
    primary key (identity_id, day)
);

-- Addresses that may be written to again: what came back before counts no more.
create table decide_lifted (
    identity_id bigint primary key,
    at timestamptz not null
);
