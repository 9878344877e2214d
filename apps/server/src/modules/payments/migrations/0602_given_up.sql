-- Another way of paying was begun after it: whoever began that closes it at WeChat, else the sweeper. Set with the
-- order's lock, so that of all the ways that are begun at once exactly the last one stays open.
alter table payments add column given_up boolean not null default false;
