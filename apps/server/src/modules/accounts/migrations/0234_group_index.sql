-- Whole, so that removing a group finds its accounts by it.
drop index channel_accounts_group;
create index channel_accounts_group on channel_accounts (shop_id, group_id);
