-- What a shop's orders and products are made of remembers, too, which of it came with a key in page source.
alter table remember_order_said add column public boolean not null default false;
update remember_order_said s set public = true from store_event e where e.seq = s.seq and e.public;
alter table remember_order_line add column public boolean not null default false;

-- When a browser key said the fields that no server has said.
alter table remember_product add column overheard jsonb not null default '{}';
create index remember_product_category on remember_product (category) where said ? 'category';
