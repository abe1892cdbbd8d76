-- Hash lists of a site. Entries are never removed: what a list has said stays to be seen.

create table hash_list (
    id             bigint generated always as identity primary key,
    site_id        bigint      not null references site,
    -- 1 ALLOW, 2 DENY
    kind           smallint    not null check (kind between 1 and 2),
    source         text        not null,
    category       text        not null,
    trust          smallint    not null check (trust between 1 and 3),
    max_distance   smallint    not null check (max_distance between 0 and 31),
    min_quality    smallint    not null check (min_quality between 0 and 100),
    -- Out of force until then as a whole; infinity: for good.
    disabled_until timestamptz,
    -- The first set in which its terms are what they are.
    changed_in     bigint      not null,
    unique (site_id, kind, source, category)
);

-- Where entries came from.
create table list_import (
    id          bigint generated always as identity primary key,
    list_id     bigint      not null references hash_list,
    file_sha256 bytea       not null check (octet_length(file_sha256) = 32),
    imported_by text        not null,
    begun_at    timestamptz not null,
    expires_at  timestamptz,
    finished_at timestamptz,
    added       bigint      not null default 0,
    present     bigint      not null default 0
);
create index list_import_list on list_import (list_id, id);

-- What an import brings, until it is finished. Of no worth after a crash.
create unlogged table list_staging (
    import_id bigint   not null,
    type      smallint not null,
    value     bytea    not null,
    quality   smallint not null,
    label     text     not null,
    added_at  timestamptz
);
create index list_staging_import on list_staging (import_id);

create table list_entry (
    list_id        bigint      not null references hash_list,
    -- 1 SHA-256, 2 MD5, 3 PDQ
    type           smallint    not null check (type between 1 and 3),
    value          bytea       not null,
    -- The newest import that has it.
    import_id      bigint      not null references list_import,
    -- 1 active, 2 withdrawn by a person of the site, 3 deleted by its source
    status         smallint    not null default 1 check (status between 1 and 3),
    disabled_until timestamptz,
    expires_at     timestamptz,
    quality        smallint    not null,
    label          text        not null,
    added_at       timestamptz,
    -- The first set in which it is what it is.
    changed_in     bigint      not null,
    primary key (list_id, type, value),
    check (octet_length(value) = case type when 2 then 16 else 32 end)
);
-- To disable a hash wherever it is.
create index list_entry_value on list_entry (value);
-- When what is in force changes by itself.
create index list_entry_disabled on list_entry (list_id, disabled_until) where disabled_until is not null;
create index list_entry_expires on list_entry (list_id, expires_at) where expires_at is not null;
create index list_entry_changed on list_entry using brin (changed_in);

-- The sets of a site: what was in force from when on.
create table list_set (
    site_id     bigint      not null references site,
    number      bigint      not null,
    digest      bytea       not null check (octet_length(digest) = 32),
    -- What was matched with this set or a later one need not be matched again.
    grown       bigint      not null,
    pictures    boolean     not null,
    computed_at timestamptz not null,
    -- When an entry ends, or comes back, by itself.
    changes_at  timestamptz,
    primary key (site_id, number)
);

-- The set in force when a listing began: at least this was matched with all of it.
alter table listing add column list_set bigint not null default 0;
