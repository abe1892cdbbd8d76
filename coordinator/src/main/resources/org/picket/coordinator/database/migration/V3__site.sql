-- Sites, their storages, on what terms these are scanned, and what each site has allowed for good.

create table site (
    id         bigint generated always as identity primary key,
    name       text        not null unique check (length(name) between 1 and 200),
    -- Counted up in each transaction that changes terms or allowlist, so that a copy in memory knows when it is old.
    revision   bigint      not null default 0,
    created_at timestamptz not null
);

create table storage (
    id            bigint generated always as identity primary key,
    site_id       bigint      not null references site,
    -- Stable and unique within the site: "folder:/srv/pictrs", "s3:endpoint/bucket/prefix".
    identity      text        not null check (length(identity) between 1 and 2000),
    registered_at timestamptz not null,
    unique (site_id, identity)
);

-- The present terms alone: the ledger keeps the earlier ones.
create table storage_terms (
    storage_id      bigint      primary key references storage,
    -- 1 OBSERVE, 2 QUARANTINE, 3 DELETE
    mode            smallint    not null check (mode between 1 and 3),
    policy_text     text        not null,
    -- As it stands in the bundle, byte for byte.
    bundle_manifest bytea       not null,
    policy_epoch    bytea       not null check (octet_length(policy_epoch) = 32),
    set_at          timestamptz not null
);

-- Content that is never a finding at this site, whatever a policy says of it.
create table allowlist (
    site_id    bigint      not null references site,
    sha256     bytea       not null check (octet_length(sha256) = 32),
    allowed_by text        not null,
    allowed_at timestamptz not null,
    primary key (site_id, sha256)
);
