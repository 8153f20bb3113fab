-- Since when a scheduled round fails, and by which error: whoever looks after the house is told.
alter table store_round add column failed_at timestamptz, add column error text;
