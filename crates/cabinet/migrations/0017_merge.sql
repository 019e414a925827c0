-- Accounts of one person that became one.

-- The account that this one went into; nobody enters it any more.
alter table account add column merged_into bytea;
create index account_merged on account (merged_into);

-- The account that the device made the key for, where that is another one by now.
alter table passkey add column made_for bytea;

create table account_merge (
    id bytea primary key,
    kept_id bytea not null references account (id),
    merged_id bytea not null references account (id),
    merged_at bigint not null,
    undo_until bigint not null,
    undone_at bigint,
    -- What moved, sealed: an undo moves exactly that back.
    moves bytea not null
);
create index account_merge_kept on account_merge (kept_id);
