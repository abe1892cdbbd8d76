-- Views that the agents of each owner scored, by day (since 1970-01-01): sites get their turns by it.
create table contribution (
    owner_id bigint not null,
    day      bigint not null,
    views    bigint not null check (views >= 0),
    primary key (owner_id, day)
) with (fillfactor = 50);
