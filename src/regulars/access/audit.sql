-- name: hold_chain
-- The end of a chain, held to the end of the transaction: whoever writes to it next waits for that.
select n, mac, swept_n, swept_mac, seal from access_audit_chain where chain = %(chain)s::smallint for update;

-- name: chains
-- The end of every chain.
select chain, n, mac, swept_n, swept_mac, seal from access_audit_chain order by chain;

-- name: noted_since
-- Whether the same was noted of the same since a moment.
select exists (
    select 1 from access_audit where name = %(name)s::text and at > %(since)s::timestamptz and kind = %(kind)s::text
    and who = %(who)s::text and who_kind = %(who_kind)s::text and action = %(action)s::text
    and after::text is not distinct from %(after)s::text
);

-- name: add_entry
-- Write an entry at the end of its chain.
with entry as (
    insert into access_audit (chain, n, at, who_kind, who_id, who, action, kind, name, label, before, after,
                              request, address, mac)
    values (%(chain)s, %(n)s, %(at)s, %(who_kind)s, %(who_id)s, %(who)s, %(action)s, %(kind)s, %(name)s, %(label)s,
            %(before)s::json, %(after)s::json, %(request)s, %(address)s, %(mac)s)
)
update access_audit_chain set n = %(n)s, mac = %(mac)s, seal = %(seal)s where chain = %(chain)s;

-- name: list_entries
-- The newest entries that match, before a place; names of people as they are now.
select a.n * 16 + a.chain as id, a.at, a.who_kind, a.who_id, a.who, coalesce(p.name, '') as who_name, a.action,
       a.kind, a.name, a.label, a.before, a.after, a.request, a.address
from access_audit a left join access_person p on a.who_kind = 'person' and p.id = a.who_id
where (%(who)s::text is null or a.who = %(who)s::text)
  and (%(action)s::text is null or a.action = %(action)s::text)
  and (%(names)s::text[] is null or a.name = any(%(names)s::text[]))
  and (%(kind)s::text is null or a.kind = %(kind)s::text)
  and (%(since)s::timestamptz is null or a.at >= %(since)s::timestamptz)
  and (%(until)s::timestamptz is null or a.at < %(until)s::timestamptz)
  and (%(at)s::timestamptz is null
       or (a.at, a.n, a.chain) < (%(at)s::timestamptz, %(n)s::bigint, %(chain)s::smallint))
order by a.at desc, a.n desc, a.chain desc limit %(limit)s::integer;

-- name: count_entries
-- How many entries match.
select count(*) from access_audit a
where (%(who)s::text is null or a.who = %(who)s::text)
  and (%(action)s::text is null or a.action = %(action)s::text)
  and (%(names)s::text[] is null or a.name = any(%(names)s::text[]))
  and (%(kind)s::text is null or a.kind = %(kind)s::text)
  and (%(since)s::timestamptz is null or a.at >= %(since)s::timestamptz)
  and (%(until)s::timestamptz is null or a.at < %(until)s::timestamptz);

-- name: signed_entries
-- Some entries of a chain in their order, exactly as they were signed.
select n, at, who_kind, who_id, who, action, kind, name, label, before::text as before, after::text as after,
       request, address, mac, blanked
from access_audit where chain = %(chain)s::smallint and n > %(after_n)s::bigint order by n limit %(limit)s::integer;

-- name: old_entries
-- Up to which number each chain is older than a moment.
select chain, max(n) from access_audit where at < %(before)s::timestamptz group by chain order by chain;

-- name: mac_of
-- The signature of an entry.
select mac from access_audit where chain = %(chain)s::smallint and n = %(n)s::bigint;

-- name: forget_entries
-- Let the beginning of a chain go.
select access_audit_forget(%(chain)s::smallint, %(n)s::bigint);

-- name: anchor_chain
-- Keep where a chain begins now.
update access_audit_chain set swept_n = %(n)s, swept_mac = %(mac)s, seal = %(seal)s where chain = %(chain)s;

-- name: plan_for_values
-- Let what follows in this transaction be planned for its own values: which index is best depends on what is asked.
select set_config('plan_cache_mode', 'force_custom_plan', true);
