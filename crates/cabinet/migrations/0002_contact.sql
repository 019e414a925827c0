-- Contacts in force, changes that wait for confirmation, and whom an address signs in.

create table contact (
    account_id bytea not null references account (id),
    slot text not null,
    value text not null,
    key text not null,
    confirmed_at bigint not null,
    bouncing_at bigint,
    primary key (account_id, slot)
);

-- The primary contacts of all accounts, each address once. A replaced one stays held for its account for as
-- long as the replacement can be undone.
create table contact_login (
    key text primary key,
    account_id bytea not null references account (id),
    slot text not null,
    held_until bigint
);
create index contact_login_account on contact_login (account_id, slot);
create index contact_login_held on contact_login (held_until);

-- At most one new value a slot.
create table contact_change (
    account_id bytea not null references account (id),
    slot text not null,
    value text not null,
    key text not null,
    -- Its secret is in the link, its tries are those of the code.
    ticket_id bytea not null,
    code_hash bytea not null,
    code_until bigint not null,
    asked_at bigint not null,
    until bigint not null,
    sent_at bigint not null,
    bouncing_at bigint,
    primary key (account_id, slot)
);
create index contact_change_until on contact_change (until);

create table contact_card (
    account_id bytea primary key references account (id),
    -- Raised by every change, so that a stale form is noticed.
    version bigint not null,
    changed_at bigint not null,
    -- An undo was used: changes need a proof made after this.
    frozen_at bigint
);
