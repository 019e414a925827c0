-- A ticket that was ended unused: its link says that something newer took its place, not that it did its work.
alter table ticket add column void bigint not null default 0;
