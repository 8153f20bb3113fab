-- Templates that are used no more are archived: their versions stay, for what was sent from them.
create table speak_archived (
    template text primary key,
    at timestamptz not null
);
