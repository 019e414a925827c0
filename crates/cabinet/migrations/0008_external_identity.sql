-- Identities at outside providers that open accounts, and providers that are switched off.

create table external_identity (
    authenticator_id bytea primary key references authenticator (id),
    account_id bytea not null references account (id),
    provider text not null,
    -- Keyed hash of issuer and subject: found by exact value, readable to nobody.
    identity bytea not null,
    -- Who arrived last and what they answered to, sealed.
    arrival bytea not null,
    -- As stated when it was linked; a weaker later statement does not replace it.
    assurance text,
    suspended_at bigint
);
create unique index external_identity_owner on external_identity (provider, identity);
create unique index external_identity_account on external_identity (account_id, provider);

create table provider_off (
    provider text primary key,
    since bigint not null,
    by_whom text not null
);
