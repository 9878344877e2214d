-- Reviews of goods, and from orders, that staff with data scopes see.
call app.narrow('reviews', 'exists (select from products seen where seen.shop_id = reviews.shop_id and seen.id = reviews.product_id) and exists (select from orders seen where seen.shop_id = reviews.shop_id and seen.id = reviews.order_id)');
call app.narrow('review_reports', 'exists (select from reviews seen where seen.shop_id = review_reports.shop_id and seen.id = review_reports.review_id)');
call app.narrow('review_scores', 'exists (select from products seen where seen.shop_id = review_scores.shop_id and seen.id = review_scores.product_id)');
call app.narrow('review_phrases', 'exists (select from reviews seen where seen.shop_id = review_phrases.shop_id and seen.id = review_phrases.review_id)');
call app.narrow('review_phrase_counts', 'exists (select from products seen where seen.shop_id = review_phrase_counts.shop_id and seen.id = review_phrase_counts.product_id)');
call app.narrow_by_order('review_invitations');
