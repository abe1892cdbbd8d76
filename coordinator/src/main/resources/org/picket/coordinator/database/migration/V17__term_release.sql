-- Which release a coordinator is, for people; empty: it did not say.
alter table term add column release text not null default '';
