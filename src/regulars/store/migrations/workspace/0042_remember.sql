-- Whether an event came with a key that stands in page source; null is false. Keys that are revoked are not known any more.
alter table store_event add column public boolean;
update store_event set public = true where source in (select id from access_key where scope = 'browser');

alter table remember_order_said add column public boolean not null default false;
update remember_order_said s set public = true from store_event e where e.seq = s.seq and e.public;
alter table remember_order_line add column public boolean not null default false;

-- When a browser key said the fields that no server has said.
alter table remember_product add column overheard jsonb not null default '{}';
create index remember_product_category on remember_product (category) where said ? 'category';
