-- How gateways call the messages that they took: by it they tell later what came of them.
create table sms_sent (
    known_as text primary key,
    message_id bigint not null,
    at timestamptz not null
);
create index sms_sent_at on sms_sent (at);
create index sms_sent_message on sms_sent (message_id);
