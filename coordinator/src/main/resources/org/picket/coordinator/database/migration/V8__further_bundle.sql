-- Objects that a further bundle has to score before they are ruled on.
--
-- They are leased as shards of their own, follow-ups, numbered from 2^30 on in the partition of their listing. A shard
-- out of which follow-ups came is settled only when these are.

alter table shard add column waiting integer not null default 0;

alter table listing add column follow_ups integer not null default 0;

alter table storage_terms add column further_manifests bytea[] not null default '{}';

-- Deleted as soon as its shard is ruled: the only keys of objects that are neither flagged nor inconclusive.
create table follow_up (
    listing_id bigint   not null,
    -- Of the shard that leases it, and of the one out of which it came.
    number     integer  not null,
    parent     integer  not null,
    -- Further bundles that have scored its objects, one bit each, and the place of the one that is to.
    scored     smallint not null,
    bundle     smallint not null,
    -- Its objects in key order, with the scores that they have so far.
    objects    bytea    not null,
    primary key (listing_id, number)
);
