-- How a workspace wants its customers to be written to: one row, or none where nobody chose anything.
create table decide_contact (
    one boolean primary key default true check (one),
    policy jsonb not null
);

-- What matters more is carried out first.
alter table decide_intent add column priority smallint not null default 2;
drop index decide_intent_waiting;
create index decide_intent_waiting on decide_intent (verb, priority desc, id) where taken_at is null;
