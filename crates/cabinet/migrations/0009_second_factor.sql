-- Passkeys, and what proves a person a second time.

create table passkey (
    authenticator_id bytea primary key references authenticator (id),
    -- The name that the device gave the key; it belongs to one account for ever.
    credential_id bytea not null unique,
    -- The key as the device stated it (COSE, RFC 9052).
    public_key bytea not null,
    name text not null,
    counter bigint not null,
    may_be_backed_up bigint not null,
    is_backed_up bigint not null,
    -- The model of the device; zeros where it does not say.
    model bytea not null
);

create table totp (
    account_id bytea primary key references account (id),
    authenticator_id bytea not null references authenticator (id),
    -- Sealed.
    seed bytea not null,
    -- The step of the last code that was taken: only a later one is (RFC 6238, 5.2).
    last_step bigint not null
);

create table recovery_code (
    account_id bytea not null references account (id),
    code_hash bytea not null,
    made_at bigint not null,
    used_at bigint,
    primary key (account_id, code_hash)
);

-- The person must set a second factor up before the cabinet opens.
alter table session add column owes_second_factor bigint not null default 0;
