-- What came of messages, each thing once a message, and how often which of their links was followed.
create table measure_reaction (
    message_id bigint not null,
    what text not null,
    campaign text not null,
    first_at timestamptz not null,
    times integer not null,
    primary key (message_id, what)
);
create index measure_reaction_campaign on measure_reaction (campaign, what);

create table measure_click (
    message_id bigint not null,
    link text not null,
    machine boolean not null,
    campaign text not null,
    times integer not null,
    primary key (message_id, link, machine)
);
create index measure_click_campaign on measure_click (campaign);
