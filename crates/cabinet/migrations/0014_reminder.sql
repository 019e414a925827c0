-- When a person is to be reminded next that a certificate ends; nothing once that is done.
alter table certificate add column remind_at bigint;
-- thirty days in microseconds
update certificate set remind_at = not_after - 2592000000000;
create index certificate_remind_at on certificate (remind_at) where remind_at is not null;
