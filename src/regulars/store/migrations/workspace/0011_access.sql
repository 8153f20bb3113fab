-- Who saw and changed what. Entries are written once: each is signed together with the one before it in its chain.
create table access_audit (
    chain smallint not null,
    n bigint not null,
    at timestamptz not null,
    who_kind text not null check (who_kind in ('person', 'key', 'command', 'house')),
    who_id bigint,                            -- of the person or the key
    who text not null,                        -- as it was then: the e-mail of a person, the name or scope of a key
    action text not null,
    kind text not null,                       -- on what kind of thing, '' for none
    name text not null,                       -- on which: a customer's number, a campaign's name
    label text not null,                      -- what it was called then; nothing for customers
    before json,
    after json,
    request text not null,
    address text not null,
    mac bytea not null,
    primary key (chain, n)
);
create index access_audit_at on access_audit (at, n, chain);
create index access_audit_on on access_audit (name, at);
create index access_audit_who on access_audit (who, at);
create index access_audit_action on access_audit (action, at);

-- The end of each chain, and the end of what retention took from its beginning; `seal` signs this row.
create table access_audit_chain (
    chain smallint primary key,
    n bigint not null default 0,
    mac bytea not null default '',
    swept_n bigint not null default 0,
    swept_mac bytea not null default '',
    seal bytea not null default ''
);
insert into access_audit_chain (chain) select generate_series(0, 15);

create function access_audit_keep() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('regulars.audit_retention', true) = 'on' then
        return old;
    end if;
    raise exception 'entries of the audit log are not changed, and go by retention only' using errcode = '42501';
end $$;
create trigger access_audit_keep before update or delete on access_audit
    for each row execute function access_audit_keep();
create trigger access_audit_keep_all before truncate on access_audit
    for each statement execute function access_audit_keep();

create function access_audit_onward() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and new.chain = old.chain and new.n >= old.n and new.swept_n >= old.swept_n then
        return new;
    end if;
    raise exception 'a chain of the audit log grows only' using errcode = '42501';
end $$;
create trigger access_audit_onward before update or delete on access_audit_chain
    for each row execute function access_audit_onward();

-- The one way in which entries go: from the beginning of a chain, up to a number.
create function access_audit_forget(which smallint, up_to bigint) returns bigint language plpgsql as $$
declare gone bigint;
begin
    perform set_config('regulars.audit_retention', 'on', true);
    delete from access_audit where chain = which and n <= up_to;
    get diagnostics gone = row_count;
    perform set_config('regulars.audit_retention', '', true);
    return gone;
end $$;
