-- Of entries about a customer who was forgotten who did what and when stays, and nothing else. The entry keeps the
-- signature that the next one in its chain was signed with; `blanked` signs what is left of it together with that.
alter table access_audit add column blanked bytea;

create or replace function access_audit_keep() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('regulars.audit_retention', true) = 'on' then
        return old;
    end if;
    if tg_op = 'UPDATE' and current_setting('regulars.audit_blanking', true) = 'on' and new.blanked is not null
       and (new.chain, new.n, new.at, new.who_kind, new.who, new.action, new.kind, new.mac)
           is not distinct from (old.chain, old.n, old.at, old.who_kind, old.who, old.action, old.kind, old.mac)
       and new.label = '' and new.before is null and new.after is null and new.request = '' and new.address = ''
       and new.name in (old.name, '') then
        return new;
    end if;
    raise exception 'entries of the audit log are not changed, and go by retention only' using errcode = '42501';
end $$;

-- The one way in which an entry is blanked.
create function access_audit_blank(which smallint, number bigint, named text, signed bytea) returns void
language plpgsql as $$
begin
    perform set_config('regulars.audit_blanking', 'on', true);
    update access_audit set name = named, label = '', before = null, after = null, request = '', address = '',
        blanked = signed
    where chain = which and n = number;
    perform set_config('regulars.audit_blanking', '', true);
end $$;
