-- Whoever could change rules and give money back may look after parties and contracts.
update roles set permissions = permissions || array['parties.read', 'parties.write']
where not 'parties.write' = any(permissions) and 'settings.write' = any(permissions) and 'orders.refund' = any(permissions)
  and shop_id <> '00000000-0000-0000-0000-000000000000';
