-- How many came into each segment and left it on each day (UTC). What all days come to is who is in it.
create table understand_growth (
    segment_id bigint not null references understand_segment on delete cascade,
    day date not null,
    joined integer not null default 0,
    "left" integer not null default 0,
    anew integer not null default 0,        -- how many more, or fewer, as everybody was asked: it was made, or its rule changed
    primary key (segment_id, day)
);

-- Of segments that are there, the log says who came and left; the rest of who is in them was there when they were made.
insert into understand_growth (segment_id, day, joined, "left")
select s.id, cast(e.at at time zone 'UTC' as date), count(*) filter (where k.name = 'segment.entered'),
       count(*) filter (where k.name = 'segment.left')
from store_event as e
join store_kind as k on k.id = e.kind and k.name in ('segment.entered', 'segment.left')
join understand_segment as s on s.name = e.props ->> 'segment' and e.at >= s.created_at
group by 1, 2;

insert into understand_growth as g (segment_id, day, anew)
select s.id, cast(s.created_at at time zone 'UTC' as date), coalesce(m.size, 0) - coalesce(g.grown, 0)
from understand_segment as s
left join (select segment_id, count(*) as size from understand_member group by 1) as m on m.segment_id = s.id
left join (select segment_id, sum(joined - "left") as grown from understand_growth group by 1) as g on g.segment_id = s.id
where coalesce(m.size, 0) <> coalesce(g.grown, 0)
on conflict (segment_id, day) do update set anew = excluded.anew;
