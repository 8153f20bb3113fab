-- On which UTC day an identity was last here: what is done to customers (mail, segments) does not count.
create table understand_seen (
    identity_id bigint primary key,
    day date not null
);
create index understand_seen_day on understand_seen (day, identity_id);
insert into understand_seen (identity_id, day)
select r.identity_id, max(r.day) from understand_rollup r join store_kind k on k.id = r.kind
where k.name not in ('consent.changed', 'customer.merged', 'segment.entered', 'segment.left', 'message.sent',
                     'message.refused', 'message.bounced', 'message.uncertain')
group by r.identity_id;
