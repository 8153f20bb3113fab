-- The sandbox channel's mailbox: mail that never left the house.
create table sandbox_mail (
    message_id bigint primary key,
    recipient text not null,
    sender text not null,
    subject text not null,
    html text not null,
    text text not null,
    headers jsonb not null default '{}',
    at timestamptz not null default now()
);
create index sandbox_mail_at on sandbox_mail (at desc, message_id desc);
