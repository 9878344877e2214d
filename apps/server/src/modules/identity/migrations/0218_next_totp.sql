-- The secret of a one-time-code app that is to take the place of another one: counts once a code of it was confirmed.
alter table staff add column totp_next text;
