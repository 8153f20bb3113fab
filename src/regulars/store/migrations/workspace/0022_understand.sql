-- A segment can be edited: every version stays. And it can be taken back after it was deleted.
alter table understand_segment add column version integer not null default 1;
alter table understand_segment add column deleted_at timestamptz;
alter table understand_segment add column name_before text;   -- what a deleted one was called: its name is free again
alter table understand_segment alter column name drop not null;
alter table understand_segment add check ((name is null) = (deleted_at is not null));
alter table understand_segment add check ((name is null) = (name_before is not null));

create table understand_segment_version (
    segment_id bigint not null references understand_segment on delete cascade,
    version integer not null,
    title text not null,
    rule jsonb not null,
    saved_at timestamptz not null,
    primary key (segment_id, version)
);
insert into understand_segment_version (segment_id, version, title, rule, saved_at)
select id, 1, title, rule, created_at from understand_segment;
