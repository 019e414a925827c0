-- Codes by SMS to ranges of telephone numbers, by the hour: a range whose codes nobody types is somebody's income.

create table sms_prefix (
    prefix text not null,
    hour bigint not null,
    pot bigint not null,
    sent bigint not null,
    answered bigint not null,
    primary key (prefix, hour, pot)
);
create index sms_prefix_hour on sms_prefix (hour);
