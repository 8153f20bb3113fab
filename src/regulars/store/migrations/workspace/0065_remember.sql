-- Since when what is said by the name of a computed fact does not count, where anybody says something by it.
alter table remember_fact_name add column outranked_at timestamptz;
