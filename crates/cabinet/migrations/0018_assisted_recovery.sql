-- Recovery that two people of the operator carry out.

create table assisted_recovery (
    id bytea primary key,
    account_id bytea not null references account (id),
    -- How it was made sure who the person is.
    reason text not null,
    skips_second_factor bigint not null,
    asked_at bigint not null,
    asked_by text not null,
    asked_by_account bytea,
    -- Keyed, as is the second.
    first_half bytea not null,
    approved_at bigint,
    approved_by text,
    approved_by_account bytea,
    second_half bytea,
    -- Before this moment the code opens nothing.
    open_from bigint,
    -- Until when it waits for its approval, and then for the person.
    until bigint not null,
    ended_at bigint,
    ending text
);
create index assisted_recovery_account on assisted_recovery (account_id, ended_at);
create index assisted_recovery_half on assisted_recovery (first_half);
create index assisted_recovery_until on assisted_recovery (until);

-- What can be undone no more is thrown away.
create index account_merge_undo_until on account_merge (undo_until);
