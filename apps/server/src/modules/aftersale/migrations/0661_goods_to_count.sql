-- Goods that came back while their money was decided without anybody having looked at them: they wait to be counted.
alter table aftersale_cases add column to_count_at timestamptz;
create index aftersale_cases_to_count on aftersale_cases (shop_id, to_count_at) where to_count_at is not null;
