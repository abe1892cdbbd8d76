-- The flood fuse looks on in every mode, so that a site which switches to a stronger one is weighed by what it observed.

-- Under which epoch they were ruled; null: by a coordinator that does not say so yet.
alter table flood_window add column policy_epoch bytea;

-- Epochs of which the fuse would have tripped, or has: it trips where such an epoch first acts by itself.
create table flood_seen (
    storage_id   bigint      not null,
    policy_epoch bytea       not null check (octet_length(policy_epoch) = 32),
    reason       text        not null,
    seen         timestamptz not null,
    primary key (storage_id, policy_epoch)
);
