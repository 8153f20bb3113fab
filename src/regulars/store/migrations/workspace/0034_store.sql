-- Of events that were cut, because whoever did them was forgotten or their time is over, only the money is left.
alter table store_event add column cut boolean;  -- null is false
create index store_refusal_identity on store_refusal (identity_id);
