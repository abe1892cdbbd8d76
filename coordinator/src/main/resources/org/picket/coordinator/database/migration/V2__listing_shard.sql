-- Members, terms, listings and their shards.
--
-- A shard is a key range of a listing. `shard` and `score_block` are partitioned by listing and never suffer a DELETE:
-- a finished epoch is dropped as a whole. No mutable column carries an index, so that each update of a shard is a HOT one.

create table member (
    id          bigint generated always as identity primary key,
    public_key  bytea       not null check (octet_length(public_key) = 32),
    -- The first 16 bytes of the key's SHA-256.
    key_id      bytea       not null unique check (octet_length(key_id) = 16),
    role        smallint    not null check (role between 1 and 3),
    name        text        not null,
    owner_id    bigint      not null check (owner_id > 0),
    suspended   boolean     not null default false,
    enrolled_at timestamptz not null
);

-- Only digests of the secrets are kept.
create table invite (
    digest     bytea       primary key check (octet_length(digest) = 32),
    role       smallint    not null,
    owner_id   bigint      not null,
    expires_at timestamptz not null,
    used_by    bigint references member
);

create table session (
    digest     bytea       primary key check (octet_length(digest) = 32),
    member_id  bigint      not null references member,
    expires_at timestamptz not null
);
create index session_expires_at on session (expires_at);

-- One row for each start of a coordinator. A term is dead once its coordinator has ended it, has started anew, or has
-- not been seen for long.
create table term (
    term        bigint generated always as identity primary key,
    coordinator text        not null,
    started_at  timestamptz not null,
    seen_at     timestamptz not null,
    ended       boolean     not null default false
);

-- Secrets of the collective, made at its first start.
create table secret (
    name  text  primary key,
    value bytea not null
);

create table listing (
    id               bigint generated always as identity primary key,
    storage_id       bigint      not null,
    policy_epoch     bytea       not null check (octet_length(policy_epoch) = 32),
    -- Only objects modified so long before the start, in milliseconds; -1: all.
    since_millis     bigint      not null,
    started_at       timestamptz not null,
    -- 0 LISTING, 1 LISTED, 2 COMPLETE, 3 ABANDONED
    state            smallint    not null default 0,
    cursor_key       text        collate "C" not null default '',
    shards           integer     not null default 0,
    shards_open      integer     not null default 0,
    listed           bigint      not null default 0,
    listed_bytes     bigint      not null default 0,
    known            bigint      not null default 0,
    cleared          bigint      not null default 0,
    flagged          bigint      not null default 0,
    inconclusive     bigint      not null default 0,
    gone             bigint      not null default 0,
    views            bigint      not null default 0,
    bytes            bigint      not null default 0,
    unlistable       text[]      not null default '{}',
    unlistable_count bigint      not null default 0,
    -- Its partition of `shard` is gone.
    dropped          boolean     not null default false,
    scores_dropped   boolean     not null default false
) with (fillfactor = 70);
create index listing_storage_id on listing (storage_id, id);

create table shard (
    listing_id    bigint   not null,
    -- From 1 on, in key order.
    number        integer  not null,
    first_key     text     collate "C" not null,
    last_key      text     collate "C" not null,
    objects       integer  not null,
    bytes         bigint   not null,
    -- 16-byte digests of its ranges, in key order.
    ranges        bytea    not null,
    -- 0 OPEN, 1 LEASED, 2 RULED, 3 KNOWN (carried over from an earlier listing)
    state         smallint not null,
    lease_epoch   bigint   not null default 0,
    lease_id      uuid,
    term          bigint   not null default 0,
    -- Objects ruled so far, and the last key among them.
    ruled         integer  not null default 0,
    after_key     text     collate "C" not null default '',
    -- 2 bits an object, first object in the low bits.
    rulings       bytea    not null default '',
    -- Over what was ruled, chained from report to report.
    digest        bytea    not null default '',
    -- Leases that failed on the same object, and their operators, once it stands alone.
    attempts      smallint not null default 0,
    failed_owners bigint[] not null default '{}',
    -- Leases of the present size that succeeded one after the other, while the search for such an object goes on.
    successes     smallint not null default 0,
    -- The next lease is for so many objects; 0: all that are left.
    take          integer  not null default 0,
    -- Holds an object whose trouble may pass: its ranges are not known to the next listing.
    again         boolean  not null default false,
    primary key (listing_id, number)
) partition by list (listing_id);

-- Scores of the objects ruled by one report, for replays: no key, no order by anything but arrival.
create table score_block (
    listing_id bigint  not null,
    number     integer not null,
    first      integer not null,
    block      bytea   not null
) partition by list (listing_id);
