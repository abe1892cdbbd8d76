-- Whose agents may see the pictures of a crawler's storages, as its invite said.

-- As it came, a message Circle; empty: it did not say.
alter table invite add column circle bytea not null default '';
alter table member add column circle bytea not null default '';
