-- Whether it is counted who opens a message and follows its links; what a campaign adds to its links for the shop's own
-- statistics (nothing: what is usual); and what was touched a moment ago, until it is told whether a person did it.
alter table speak_message add column tracked boolean not null default false;
alter table speak_campaign add column utm jsonb;

create table speak_touch (
    id bigint generated always as identity primary key,
    message_id bigint not null,
    link text not null,
    position integer not null,
    sign text not null,
    at timestamptz not null,
    unique (message_id, link, position, sign)
);
create index speak_touch_at on speak_touch (at);
