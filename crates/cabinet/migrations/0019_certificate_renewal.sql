-- Certificates that follow others.

-- Who enters for the first time is asked about an account of the same name.
create index account_name on account (surname, given_name);

-- The certificate that signs where the person chooses none.
alter table account add column default_certificate bytea;

-- A statement, signed with the key of one certificate, that another one is the same person's.
create table renewal (
    id bytea primary key,
    -- The certificate whose key signed.
    authenticator_id bytea not null references authenticator (id),
    -- The one that it names.
    fingerprint bytea not null,
    public_key_digest bytea not null,
    serial text not null,
    not_after bigint not null,
    statement text not null,
    signature bytea not null,
    made_at bigint not null,
    revoked_at bigint,
    -- When the new certificate was bound by it.
    used_at bigint
);
create index renewal_authenticator on renewal (authenticator_id);
create index renewal_fingerprint on renewal (fingerprint);
