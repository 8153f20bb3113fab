-- Counts are added up by whoever reads them, so two rows of one identity, kind and day say what one does: an index on the
-- identity and the day is enough, and where somebody did several things on a day it holds the two once.
alter table understand_rollup drop constraint understand_rollup_pkey;
create index understand_rollup_identity on understand_rollup (identity_id, day);

-- On a day there are many: the index holds each day once.
drop index understand_seen_day;
create index understand_seen_day on understand_seen (day);
