-- Where a storage has answered an order, the next listing looks again at what it lists as it was before.

create index finding_answered on finding (storage_id, key) where not live;
