-- How mail that comes back is heard of: the mailbox it is returned to, who calls us about it, and how far it was read.
create table smtp_return (
    one boolean primary key default true check (one),
    box text not null,             -- the address that mail is returned to; '' for the sender's own
    provider text not null,        -- who calls us; '' for nobody
    host text not null,            -- the IMAP server of the mailbox; '' for none
    port int not null,
    username text not null,
    secrets bytea,                 -- sealed by the vault: the mailbox's password, and the provider's key
    version int not null default 1,
    changed_at timestamptz not null,
    uid_validity bigint,           -- up to which mail the mailbox was read (RFC 9051, 2.3.1.1)
    uid bigint,
    read_at timestamptz,
    problem text                   -- why it could not be read; null where it could
);

-- The keys by which mail of a sender's domain is signed, each from when its record was found in DNS.
create table smtp_dkim (
    domain text primary key,
    selector text not null,
    record text not null,
    key bytea not null,            -- sealed by the vault
    made_at timestamptz not null,
    checked_at timestamptz,
    found text,                    -- what DNS said: found, missing, other, unreachable
    live_at timestamptz            -- since when it is signed
);
