-- With which key an event came; null: the house itself appended it, or it came before this was kept.
alter table store_event add column source integer;
