-- What somebody of the team is composing and has not saved yet: one draft a person and thing.
create table web_draft (
    person_id bigint not null,
    composer text not null,          -- 'template', 'segment', 'form', 'campaign'
    thing text not null,             -- its name; '' while it is new
    base text not null,              -- the version it was begun from; '' of something new
    fields jsonb not null,
    at timestamptz not null,
    primary key (person_id, composer, thing)
);
create index web_draft_thing on web_draft (composer, thing, at);
