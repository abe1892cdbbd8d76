-- Which versions of the contract work side by side on this database.

-- What a coordinator speaks; of one that did not say yet: 1.
alter table term add column contract integer not null default 1;

-- One row: the oldest that can work on this schema, and the newest that did.
create table contract_span (
    one    boolean primary key default true check (one),
    oldest integer not null,
    newest integer not null
);
insert into contract_span (oldest, newest) values (1, 1);
