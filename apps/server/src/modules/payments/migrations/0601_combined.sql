-- Attempts that are paid together 合单: the number of the whole at WeChat, and every part of it with its shop. Each part
-- keeps the whole, so that it can be asked about and closed from any shop's books.
alter table payments add column combined jsonb;
