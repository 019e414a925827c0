-- Accounts, ways in, sessions, tickets, throttles, the audit chain and job leases.

create table account (
    id bytea primary key,
    surname text not null,
    given_name text not null,
    patronymic text not null,
    language text not null,
    created_at bigint not null,
    blocked_at bigint,
    -- Raised by whoever must be alone with the account: the row lock that both engines have.
    turn bigint not null
);

-- One human fact stated by an issuer: the same number stated by another anchor group is another statement.
create table person_id (
    anchor_group text not null,
    country text not null,
    kind text not null,
    value text not null,
    account_id bytea not null references account (id),
    stated_at bigint not null,
    primary key (anchor_group, country, kind, value)
);
create index person_id_account on person_id (account_id);
create index person_id_value on person_id (country, kind, value);

create table authenticator (
    id bytea primary key,
    account_id bytea not null references account (id),
    kind text not null,
    bound_at bigint not null,
    bound_by text not null,
    last_used_at bigint,
    removed_at bigint
);
create index authenticator_account on authenticator (account_id);

create table certificate (
    authenticator_id bytea primary key references authenticator (id),
    fingerprint bytea not null unique,
    public_key_digest bytea not null,
    anchor_group text not null,
    owner text not null,
    subject text not null,
    issuer text not null,
    serial text not null,
    algorithm text not null,
    not_before bigint not null,
    not_after bigint not null
);

create table password (
    account_id bytea primary key references account (id),
    authenticator_id bytea not null references authenticator (id),
    hash text not null
);

create table session (
    id bytea primary key,
    secret_hash bytea not null unique,
    -- The secret before the last step-up. It opens nothing, but it still signs out.
    replaced_hash bytea,
    account_id bytea not null references account (id),
    authenticator_id bytea not null references authenticator (id),
    opened_at bigint not null,
    stepped_up_at bigint,
    last_seen_at bigint not null,
    expires_at bigint not null,
    ended_at bigint,
    address text not null,
    device text not null
);
create index session_account on session (account_id, ended_at);
create index session_authenticator on session (authenticator_id);
create index session_replaced on session (replaced_hash);
create index session_expires on session (expires_at);

-- Where an account has signed in before: decides who is told of a new device and who is never slowed down.
create table known_device (
    account_id bytea not null references account (id),
    browser_hash bytea not null,
    network text not null,
    first_used_at bigint not null,
    last_used_at bigint not null,
    primary key (account_id, browser_hash)
);
create index known_device_network on known_device (account_id, network);
create index known_device_last_used on known_device (last_used_at);

create table ticket (
    id bytea primary key,
    secret_hash bytea not null unique,
    purpose text not null,
    browser_hash bytea,
    account_id bytea,
    session_id bytea,
    payload bytea not null,
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint,
    tries_left bigint not null
);
create index ticket_account on ticket (account_id);
create index ticket_expires on ticket (expires_at);

create table throttle (
    subject bytea primary key,
    tries bigint not null,
    open_at bigint not null,
    forget_at bigint not null
);
create index throttle_forget on throttle (forget_at);

create table audit_line (
    chain bytea not null,
    seq bigint not null,
    at bigint not null,
    act text not null,
    actor bytea,
    address text not null,
    device text not null,
    request_id text not null,
    detail text not null,
    hash bytea not null,
    primary key (chain, seq)
);

create table audit_head (
    chain bytea primary key,
    seq bigint not null,
    hash bytea not null,
    at bigint not null,
    unlinked bigint not null
);
create index audit_head_unlinked on audit_head (unlinked);
create index audit_head_at on audit_head (at);

create table lease (
    job text primary key,
    holder bytea not null,
    fence bigint not null,
    expires_at bigint not null
);
