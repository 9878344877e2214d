-- What changes stock is listed by its movements.
select set_config('app.scope', 'system', true);
update ledger_accounts set listed = false where code like 'stock.%';
