-- Organisations: where they are, how their people enter, and whom they know.

create table region (
    id bytea primary key,
    name text not null,
    -- The name as it is compared: see `cabinet::fold`.
    folded text not null unique
);

create table locality (
    id bytea primary key,
    region_id bytea not null references region (id),
    name text not null,
    folded text not null,
    unique (region_id, folded)
);

create table organisation (
    id bytea primary key,
    -- БИН, ИНН or a word of the operator's: what links say.
    code text not null unique,
    kind text not null,
    locality_id bytea not null references locality (id),
    name text not null,
    short_name text not null,
    sort_key bytea not null,
    -- What a search looks through: code, names and place, folded.
    searched text not null,
    -- Who helps its people, as JSON; an empty list: whoever helps at the installation.
    support text not null,
    created_at bigint not null,
    closed_at bigint
);
create index organisation_place on organisation (locality_id, kind, sort_key, id);

-- Three letters in a row of `organisation.searched`, for finding a part of a name.
create table organisation_gram (
    gram text not null,
    organisation_id bytea not null,
    primary key (gram, organisation_id)
);

-- The ways in that an organisation offers, the primary one first; none named: those of the installation.
create table organisation_method (
    organisation_id bytea not null references organisation (id),
    rank bigint not null,
    method text not null,
    primary key (organisation_id, method)
);

-- The organisation's card of a person. It exists before an account does.
create table staff_record (
    id bytea primary key,
    organisation_id bytea not null references organisation (id),
    surname text not null,
    given_name text not null,
    patronymic text not null,
    sort_key bytea not null,
    -- By which a person is known again after a change of name.
    person_country text,
    person_kind text,
    person_value text,
    department text not null,
    position text not null,
    -- The organisation's own addresses for them, which are not the person's contacts.
    email text,
    phone text,
    created_at bigint not null,
    dismissed_at bigint
);
create index staff_record_order on staff_record (organisation_id, sort_key, id);
create unique index staff_record_person on staff_record (organisation_id, person_country, person_kind, person_value);

-- A staff record joined to an account.
create table membership (
    organisation_id bytea not null references organisation (id),
    account_id bytea not null references account (id),
    staff_id bytea not null unique references staff_record (id),
    joined_at bigint not null,
    ended_at bigint,
    primary key (organisation_id, account_id)
);
create index membership_account on membership (account_id);

create table membership_right (
    organisation_id bytea not null,
    account_id bytea not null,
    right_name text not null,
    primary key (organisation_id, account_id, right_name)
);

-- Names by which people enter at their organisation.
create table organisation_user_name (
    organisation_id bytea not null references organisation (id),
    folded text not null,
    name text not null,
    account_id bytea not null references account (id),
    primary key (organisation_id, folded),
    unique (organisation_id, account_id)
);

-- For which organisation the person is here now.
alter table session add column organisation_id bytea;
