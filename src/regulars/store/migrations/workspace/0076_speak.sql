-- How messages of a channel leave a workspace: by which adapter, with which settings; its secrets are sealed.
create table speak_way (
    channel text primary key,
    adapter text not null,
    settings jsonb not null,
    secrets bytea,                 -- sealed by the vault, whose key is not in the database
    version int not null default 1,
    changed_at timestamptz not null,
    tested_at timestamptz,
    problem text                   -- what came of the last test; null: it was taken
);

-- Each channel is sent by itself, so that a slow one holds up no other.
alter table speak_message add column channel text not null default 'email';
drop index speak_message_due;
create index speak_message_due on speak_message (channel, priority, due, id) where state = 'waiting';
