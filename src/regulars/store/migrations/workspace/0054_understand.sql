-- Time moves those of whom something is just as many days old as a rule asks. They are found by the day on which they did
-- it; there are many on a day, so the index holds each day and kind once.
create index understand_rollup_day on understand_rollup (day, kind);

-- Whom a day that began may have moved into a segment or out of it, until they are asked.
create table understand_turned (
    segment_id bigint not null references understand_segment on delete cascade,
    customer_id bigint not null,
    primary key (segment_id, customer_id)
);
create index understand_turned_customer on understand_turned (customer_id);
