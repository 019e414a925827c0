-- Recovery of an account.

-- Codes that were asked for and not yet looked into: whom a request names is found out after it was answered.
create table recovery_request (
    ticket_id bytea primary key,
    asked_at bigint not null
);

-- The session was opened by a recovery: for a while it may remove ways in that the person does not know.
alter table session add column recovered_at bigint;
-- When the contact was confirmed that the account was recovered by; none when it was recovered by another proof.
alter table session add column contact_since bigint;
