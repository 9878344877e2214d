-- A price rule is seen by staff with data scopes when every item of it is about goods they see: changing it changes
-- them all.
call app.narrow('price_displays', 'exists (select from products seen where seen.shop_id = price_displays.shop_id and seen.id = price_displays.product_id)');
call app.narrow('price_rule_items', 'exists (select from products seen where seen.shop_id = price_rule_items.shop_id and seen.id = price_rule_items.product_id)');
call app.narrow('price_rules', 'item_count = (select count(*) from price_rule_items seen where seen.shop_id = price_rules.shop_id and seen.rule_id = price_rules.id)', 'true');
