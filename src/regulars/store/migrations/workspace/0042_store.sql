-- Whether an event came with a key that stands in page source; null is false. Keys that are revoked are not known any more.
alter table store_event add column public boolean;
update store_event set public = true where source in (select id from access_key where scope = 'browser');
