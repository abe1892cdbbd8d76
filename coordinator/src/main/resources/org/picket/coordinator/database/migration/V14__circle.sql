-- Circles: the operators whose agents may see a storage's pictures.

-- As it came, a message Circle; empty: every operator of the collective.
alter table storage_terms add column circle bytea not null default '';

-- Where an agent stands, as circles name it; empty: nobody said.
alter table invite add column region text not null default '';
alter table member add column region text not null default '';
