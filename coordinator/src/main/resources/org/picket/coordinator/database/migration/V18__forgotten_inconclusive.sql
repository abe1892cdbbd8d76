-- Objects that are inconclusive no more, by the listing that found so: where a listing before it still has its shards,
-- what these say of such a key is not known any more. Kept as long as there are such listings.
create table forgotten_inconclusive (
    storage_id bigint not null,
    key        text   collate "C" not null,
    listing_id bigint not null,
    primary key (storage_id, key)
);
