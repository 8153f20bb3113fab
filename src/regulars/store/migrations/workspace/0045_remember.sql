-- What a customer is found by stands in the customer's row: without the single characters and pairs, which the index has
-- anyway, it is short. Whoever looks for someone asks for `remember_grams(folded)`; PostgreSQL keeps it in the index only.
create function remember_grams(folded text) returns text[] language sql immutable strict parallel safe as $$
    select string_to_array(folded, null)
           || array(select substr(folded, n, 2) from generate_series(1, length(folded) - 1) n)
$$;

-- Written anew beside the old one, in one pass: an update of every row would leave a table of twice the size.
alter table remember_search drop constraint remember_search_customer_id_fkey;
alter table remember_customer rename to remember_customer_before;
alter table remember_customer_before rename constraint remember_customer_pkey to remember_customer_before_pkey;
create table remember_customer (
    id bigint,
    created_at timestamptz not null,      -- when the first of its identities was first met
    name text not null default '',
    folded text not null default ''       -- name and identifiers, folded: what a search looks at
);
insert into remember_customer (id, created_at, name, folded)
select c.id, c.created_at, c.name, coalesce(s.folded, '')
from remember_customer_before c left join remember_search s on s.customer_id = c.id order by c.id;
drop table remember_search;
drop table remember_customer_before;
alter table remember_customer add primary key (id);
create index remember_customer_grams on remember_customer using gin (remember_grams(folded));

-- One index that begins with the identity serves both who asks for a tie and who asks for those of an identity.
alter table remember_tie drop constraint remember_tie_pkey;
alter table remember_tie add primary key (other, seq);
drop index remember_tie_other;
