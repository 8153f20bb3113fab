-- Whether it is known what an order came to: else its total says nothing, and averages leave it out.
alter table remember_order add column total_known boolean not null default true;
update remember_order o set total_known = false
where o.total = 0 and o.placed_at is not null
  and not exists (select from remember_order_said s where s.order_id = o.id and s.said ? 'total')
  and not exists (select from remember_order_line l where l.order_id = o.id and l.price is not null);
