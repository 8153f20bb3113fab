-- name: groups
-- Of those who got a campaign and of those who were held out, the newest: how many they are, and how many of them have
-- placed an order since it was their turn.
select m.written, count(distinct r.customer_id) as customers,
       count(distinct r.customer_id) filter (where exists (
           select from remember_identity i join remember_order o on o.identity_id = i.identity_id
           where i.customer_id = r.customer_id and o.placed_at >= m.due)) as ordered
from (select customer_id, due, state = 'sent' as written from speak_message
      where campaign = %(campaign)s and (state = 'sent' or state = 'refused' and reason = %(held_out)s)
      order by id desc limit %(most)s) m
join remember_identity r on r.identity_id = m.customer_id
group by m.written;
