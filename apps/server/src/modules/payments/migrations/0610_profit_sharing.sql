-- Opened so that WeChat keeps the money until it is split or unfrozen; a number is opened again only the same way.
alter table payments add column profit_sharing boolean not null default false;
