-- Members of a collective on many machines: a role for those who invite and silence, and an end for good.

alter table member drop constraint member_role_check;
alter table member add constraint member_role_check check (role between 1 and 4);
-- Whoever is revoked is suspended too, and stays so.
alter table member add column revoked boolean not null default false check (not revoked or suspended);
