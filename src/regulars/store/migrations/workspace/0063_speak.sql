-- Of messages that are due, those that matter more go first; 4: a notice that somebody waits for.
alter table speak_campaign add column priority smallint not null default 2 check (priority between 1 and 3);
alter table speak_message add column priority smallint not null default 2;
update speak_message set priority = 4 where notice is not null and state = 'waiting';
drop index speak_message_due;
create index speak_message_due on speak_message (priority, due, id) where state = 'waiting';

-- What somebody was sent lately is asked before every message.
drop index speak_message_identity;
create index speak_message_identity on speak_message (identity_id, claimed_at) where identity_id is not null;
create index speak_message_lately on speak_message (customer_id, claimed_at) where claimed_at is not null;
