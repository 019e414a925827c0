-- Of whom among its people an organisation asks a second proof beside a password or a certificate.
alter table organisation add column second_factor text not null default 'nobody';
