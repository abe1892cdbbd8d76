-- Why a member was suspended by the coordinator itself; empty: by its steward.

alter table member add column held_out_for text not null default '' check (length(held_out_for) <= 500);
