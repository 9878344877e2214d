-- Units of a product that one buyer may have (每人限购); null: no limit. Who has how many is in the ledger.
alter table products add column purchase_limit integer check (purchase_limit between 1 and 9999);
