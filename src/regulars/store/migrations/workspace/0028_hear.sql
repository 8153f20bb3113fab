-- Events that were sent and not taken, each with its reason: few and for days only, so that nobody fills the disk.
create table hear_rejected (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    source integer,                        -- the key that it came with
    kind text not null,                    -- the call, or the name that was tracked, as far as it can be read
    library text not null,                 -- what sent it, as it says itself
    reason text not null,
    said text not null,                    -- what was sent, cut
    bytes integer not null,                -- how long it was
    more integer not null                  -- how many of this workspace were not even kept here, right before
);
