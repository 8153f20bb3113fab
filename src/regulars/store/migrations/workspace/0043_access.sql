-- An entry that is blanked keeps also by which number the one is known who did it.
create or replace function access_audit_keep() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('regulars.audit_retention', true) = 'on' then
        return old;
    end if;
    if tg_op = 'UPDATE' and current_setting('regulars.audit_blanking', true) = 'on' and new.blanked is not null
       and (new.chain, new.n, new.at, new.who_kind, new.who_id, new.who, new.action, new.kind, new.mac)
           is not distinct from (old.chain, old.n, old.at, old.who_kind, old.who_id, old.who, old.action, old.kind,
                                    old.mac)
       and new.label = '' and new.before is null and new.after is null and new.request = '' and new.address = ''
       and new.name in (old.name, '') then
        return new;
    end if;
    raise exception 'entries of the audit log are not changed, and go by retention only' using errcode = '42501';
end $$;
