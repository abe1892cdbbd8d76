-- A process, among those that ever had its coordinator's name; and owners of the agents that asked it for work,
-- as many as anybody is interested in.
alter table term add column instance uuid;
alter table term add column agent_owners bigint[] not null default '{}';
