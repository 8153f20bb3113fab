-- name: drop_links
-- Let go of whose some identities are.
delete from remember_identity where identity_id = any (%(identities)s::bigint[]) or customer_id = any (%(identities)s::bigint[]);

-- name: drop_customers
-- Let go of customers, and of what they are found by.
delete from remember_customer where id = any (%(identities)s::bigint[]);

-- name: drop_facts
-- Drop what was stated of somebody.
delete from remember_fact where (identity_id, name, seq) in (
    select identity_id, name, seq from remember_fact where identity_id = any (%(identities)s::bigint[]) limit %(limit)s);

-- name: drop_computed
-- Drop what is computed of somebody.
delete from remember_computed where customer_id = any (%(identities)s::bigint[]);

-- name: drop_forgotten
-- Drop what somebody had forgotten before.
delete from remember_forgotten where (name, identity_id, seq) in (
    select name, identity_id, seq from remember_forgotten where identity_id = any (%(identities)s::bigint[]) limit %(limit)s);

-- name: drop_consents
-- Drop what somebody allowed and withdrew.
delete from remember_consent where (identity_id, purpose, channel, seq) in (
    select identity_id, purpose, channel, seq from remember_consent
    where identity_id = any (%(identities)s::bigint[]) limit %(limit)s);

-- name: drop_allowed
-- Drop what somebody allows now.
delete from remember_allowed where (purpose, channel, identity_id) in (
    select purpose, channel, identity_id from remember_allowed
    where identity_id = any (%(identities)s::bigint[]) limit %(limit)s);

-- name: drop_pauses
-- Drop somebody's pauses.
delete from remember_pause where (identity_id, seq) in (
    select identity_id, seq from remember_pause where identity_id = any (%(identities)s::bigint[]) limit %(limit)s);

-- name: drop_frequencies
-- Drop how often somebody wanted to be written to.
delete from remember_frequency where (identity_id, seq) in (
    select identity_id, seq from remember_frequency where identity_id = any (%(identities)s::bigint[]) limit %(limit)s);

-- name: drop_restrictions
-- Drop that somebody was kept and not used.
delete from remember_restriction where (identity_id, seq) in (
    select identity_id, seq from remember_restriction
    where identity_id = any (%(identities)s::bigint[]) limit %(limit)s);

-- name: drop_ties
-- Drop what held the identities of somebody together, or to somebody else.
delete from remember_tie where one = any (%(identities)s::bigint[]) or other = any (%(identities)s::bigint[]);

-- name: drop_apart
-- Drop that somebody was said to be another than somebody.
delete from remember_apart where one = any (%(identities)s::bigint[]) or other = any (%(identities)s::bigint[]);

-- name: drop_refused
-- Drop the links of somebody that joined nobody.
delete from remember_refused where one = any (%(identities)s::bigint[]) or other = any (%(identities)s::bigint[]);

-- name: drop_suspects
-- Suspect somebody no more of being somebody else.
delete from remember_suspect where one = any (%(identities)s::bigint[]) or other = any (%(identities)s::bigint[]);

-- name: orders_spoken_of
-- Some of the orders of which somebody spoke, and whether somebody else did, too.
select s.order_id, exists (
    select from remember_order_said o
    where o.order_id = s.order_id and o.identity_id <> all (%(identities)s::bigint[])) as shared
from (select distinct order_id from remember_order_said
      where identity_id = any (%(identities)s::bigint[]) order by order_id limit %(limit)s) s;

-- name: drop_said_of_orders
-- Drop what was said of some orders by somebody.
delete from remember_order_said
where order_id = any (%(orders)s::text[]) and identity_id = any (%(identities)s::bigint[]);

-- name: drop_orders
-- Drop orders, with their lines: the log keeps what was paid on which day.
delete from remember_order where id = any (%(orders)s::text[]);

-- name: whose_orders
-- Whose some orders are.
select distinct i.customer_id from remember_order o join remember_identity i using (identity_id)
where o.id = any (%(orders)s::text[]);

-- name: drop_did
-- Drop what was counted of what somebody did.
delete from remember_did where (identity_id, what, about) in (
    select identity_id, what, about from remember_did
    where identity_id = any (%(identities)s::bigint[]) limit %(limit)s);

-- name: drop_did_gone
-- Drop what events counted of somebody that were let go of.
delete from remember_did_gone where (identity_id, what, about) in (
    select identity_id, what, about from remember_did_gone
    where identity_id = any (%(identities)s::bigint[]) limit %(limit)s);

-- name: stand_in
-- Give the anonymous one who stands in for somebody a customer of its own.
insert into remember_identity (identity_id, customer_id, seq, met_at)
values (%(identity)s, %(identity)s, %(seq)s, %(day)s)
on conflict do nothing;

-- name: first_event
-- The first event of some identities, and its day.
select seq, date_trunc('day', at) from store_event where identity_id = any (%(identities)s::bigint[])
order by seq limit 1;

-- name: ask
-- Ask for somebody to be forgotten; nothing where that was asked for already.
insert into remember_erasure (id, customer_id, mode, by_customer, asked_at)
values (%(id)s, %(customer)s, %(mode)s, %(by_customer)s, %(now)s) on conflict do nothing;

-- name: get
-- One erasure.
select id, customer_id, mode, by_customer, asked_at, state, step, steps_done, steps, rows, finished_at
from remember_erasure where id = %(id)s;

-- name: open_of
-- The erasure of a customer that is not done yet, by any id it ever had, or by a number that is nobody's any more.
select id, customer_id, mode, by_customer, asked_at, state, step, steps_done, steps, rows, finished_at
from remember_erasure
where state <> 'done' and (customer_id = %(customer)s::bigint or identities @> array[%(customer)s::bigint]
    or customer_id in (select identity_id from remember_identity where customer_id = (
        select customer_id from remember_identity where identity_id = %(customer)s::bigint)))
order by asked_at limit 1;

-- name: of_number
-- The last erasure in which a number was somebody's.
select id, customer_id, mode, by_customer, asked_at, state, step, steps_done, steps, rows, finished_at
from remember_erasure where customer_id = %(customer)s::bigint or identities @> array[%(customer)s::bigint]
order by asked_at desc limit 1;

-- name: list
-- Erasures, of one customer if named, those asked for last first, before a place.
select id, customer_id, mode, by_customer, asked_at, state, step, steps_done, steps, rows, finished_at
from remember_erasure
where (%(customer)s::bigint is null or customer_id = %(customer)s::bigint)
  and (%(before)s::timestamptz is null or (asked_at, id) < (%(before)s::timestamptz, %(than)s::uuid))
order by asked_at desc, id desc limit %(limit)s;

-- name: count
-- How many erasures were asked for; of one customer if named.
select count(*) from remember_erasure where %(customer)s::bigint is null or customer_id = %(customer)s::bigint;

-- name: claim
-- Take the oldest erasure (or the one that is wanted) that nobody carries out, or whose worker has been silent too long.
update remember_erasure set state = 'running', worker = %(worker)s, beat_at = %(now)s
where id = (
    select id from remember_erasure
    where (state = 'waiting' or (state = 'running' and (beat_at is null or beat_at < %(silent)s)))
      and (%(wanted)s::uuid is null or id = %(wanted)s::uuid)
    order by asked_at limit 1 for update skip locked)
returning id, customer_id, mode, by_customer, asked_at, state, step, steps_done, steps, rows, finished_at;

-- name: known_as
-- By which numbers somebody who goes was known; empty until it has begun.
select identities, stand_in, needles from remember_erasure where id = %(id)s;

-- name: cut_off
-- Keep by which numbers somebody was known.
update remember_erasure set identities = %(identities)s::bigint[], stand_in = %(stand_in)s,
    needles = %(needles)s::text[]
where id = %(id)s and worker = %(worker)s;

-- name: beat
-- How far an erasure is; nothing where another has taken it over.
update remember_erasure set beat_at = %(now)s, step = %(step)s, steps_done = %(steps_done)s, steps = %(steps)s,
    rows = rows + %(rows)s
where id = %(id)s and worker = %(worker)s and state = 'running';

-- name: let_wait
-- Let another carry it out.
update remember_erasure set state = 'waiting', worker = '' where id = %(id)s and worker = %(worker)s;

-- name: finish
-- It is done, and what it was found by is nothing any more.
update remember_erasure set state = 'done', finished_at = %(now)s, needles = '{}', step = '', steps_done = steps
where id = %(id)s and worker = %(worker)s;

-- name: lately
-- Whom something may still arrive of that was on its way when they went.
select identities, stand_in, needles from remember_erasure where finished_at > %(since)s;
