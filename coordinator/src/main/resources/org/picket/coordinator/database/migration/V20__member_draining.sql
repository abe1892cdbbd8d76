-- Members that get nothing new and keep what they have, until they are resumed. A coordinator that does not know the column
-- goes on granting, and leaves it as it is: whom it resumes is drained all the same, until a later one does.
alter table member add column draining boolean not null default false;
-- Looked at each second, beside those that are silent.
create index member_draining on member (id) where draining;
