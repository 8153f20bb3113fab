-- How often identifiers were let go of here: whoever keeps the numbers of some in mind has to ask anew then.
create table hear_letting_go (
    one boolean primary key default true check (one),  -- there is one
    times bigint not null default 0
);
insert into hear_letting_go default values;
