-- Lists of customers are narrowed by what somebody said, and by what they allow.
create index remember_current_words on remember_current (name, lower(left(words, 100)), customer_id);
create index remember_current_value on remember_current (name, lower(left(value #>> '{}', 100)), customer_id);
create index remember_current_list on remember_current (name, customer_id) where jsonb_typeof(value) = 'array';

-- What an identity allows now: its newest statement, unless that is a grant which nobody has confirmed.
create table remember_allowed (
    identity_id bigint not null,
    purpose text not null,
    channel text not null,
    granted boolean not null,
    primary key (purpose, channel, identity_id)
);
create index remember_allowed_identity on remember_allowed (identity_id);
insert into remember_allowed (identity_id, purpose, channel, granted)
select identity_id, purpose, channel, granted
from (select distinct on (identity_id, purpose, channel) identity_id, purpose, channel, granted, proof
      from remember_consent order by identity_id, purpose, channel, at desc, seq desc) as latest
where not (granted and coalesce(proof ->> 'verified', '') = 'false');
