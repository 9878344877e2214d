-- Staff whose roles name channel accounts see these.
call app.narrow('channel_accounts', 'exists (select from app.data_scopes() s where s.account_ids is null or channel_accounts.id = any(s.account_ids))');
call app.narrow('channel_account_days', 'exists (select from channel_accounts seen where seen.shop_id = channel_account_days.shop_id and seen.id = channel_account_days.account_id)');
