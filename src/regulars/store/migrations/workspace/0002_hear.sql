-- An identifier, interned once; its number is what events carry.
create table hear_identity (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('user', 'email', 'phone', 'anonymous', 'customer')),
    value text not null,
    unique (kind, value)
);
