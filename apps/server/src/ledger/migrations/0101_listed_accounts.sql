-- Accounts whose every change is kept in words by whoever owns them (stock has its movements) are not listed here as
-- well: three indexes less for each of their transfers.
alter table ledger_accounts add column listed boolean not null default true;
-- Of either of its accounts, as it was then.
alter table ledger_transfers add column listed boolean not null default true;
drop index ledger_transfers_debit;
drop index ledger_transfers_credit;
drop index ledger_transfers_reference;
create index ledger_transfers_debit on ledger_transfers (shop_id, debit_account, created_at, id) where listed;
create index ledger_transfers_credit on ledger_transfers (shop_id, credit_account, created_at, id) where listed;
create index ledger_transfers_reference on ledger_transfers (shop_id, reference_type, reference_id)
  where reference_id is not null and listed;
