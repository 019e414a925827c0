-- The bound certificate itself: roles, organisations and purposes are read from it by the rules of today.
alter table certificate add column der bytea;
