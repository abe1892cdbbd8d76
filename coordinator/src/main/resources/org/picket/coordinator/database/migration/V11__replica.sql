-- Several coordinators on one database.

-- Where members reach the coordinator; empty: it has not said.
alter table term add column address text not null default '';

-- Each coordinator reads again and again who may speak no more.
create index member_silent on member (id) where suspended;

-- Which keys the collective's coordinators have: a coordinator with others does not start. The keys are not here.
create table collective_key (
    name   text  primary key,
    key_id bytea not null check (octet_length(key_id) = 16)
);
