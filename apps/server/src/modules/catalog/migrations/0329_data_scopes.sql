-- Staff whose roles name categories see goods of these categories, and what hangs on them.
call app.narrow('products', 'exists (select from app.data_scopes() s where s.category_ids is null or products.category_id = any(s.category_ids))');
call app.narrow('skus', 'exists (select from products seen where seen.shop_id = skus.shop_id and seen.id = skus.product_id)');
call app.narrow('product_versions', 'exists (select from products seen where seen.shop_id = product_versions.shop_id and seen.id = product_versions.product_id)');
call app.narrow('product_relations', 'exists (select from products seen where seen.shop_id = product_relations.shop_id and seen.id = product_relations.product_id)');

-- Work in the background that somebody started reaches no further than they do: a bulk edit's goods are chosen when it
-- starts, an import goes on in the scopes of whoever started it. Nobody with scopes sees the files and runs of others.
alter table import_jobs add column data_scopes jsonb;
call app.narrow('import_jobs', $$actor->>'id' = app.staff_id()$$);
call app.narrow('import_rows', 'exists (select from import_jobs seen where seen.shop_id = import_rows.shop_id and seen.id = import_rows.import_id)');
call app.narrow('import_pictures', 'exists (select from import_jobs seen where seen.shop_id = import_pictures.shop_id and seen.id = import_pictures.import_id)');
call app.narrow('import_refusals', 'exists (select from import_jobs seen where seen.shop_id = import_refusals.shop_id and seen.id = import_refusals.import_id)');
call app.narrow('bulk_edits', $$actor->>'id' = app.staff_id()$$);
call app.narrow('bulk_edit_items', 'exists (select from bulk_edits seen where seen.shop_id = bulk_edit_items.shop_id and seen.id = bulk_edit_items.bulk_edit_id)');
