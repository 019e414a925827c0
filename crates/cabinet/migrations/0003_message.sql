-- The outbox: what is to be sent, stored with its cause.

create table message (
    id bytea primary key,
    account_id bytea,
    channel text not null,
    recipient text not null,
    language text not null,
    kind text not null,
    -- What is said, sealed; the words come later, in the recipient's language.
    notice bytea,
    -- The words, sealed: written once, before the first attempt, and erased when they have arrived.
    body bytea,
    state text not null,
    created_at bigint not null,
    -- Nobody needs it after this moment.
    expires_at bigint,
    due_at bigint not null,
    attempts bigint not null,
    -- Whoever claims the message gets the next number; a worker with an older one may mark nothing.
    fence bigint not null,
    leased_until bigint,
    -- Set while the gateway may be taking it over.
    handing_over bigint not null,
    maybe_duplicate bigint not null,
    reason text,
    settled_at bigint
);
create index message_queue on message (state, channel, due_at);
create index message_order on message (recipient, state, created_at);
create index message_recent on message (created_at);
create index message_settled on message (settled_at);
