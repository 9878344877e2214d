-- The buyers of a shop: everybody who agreed to its texts, liked or looked at something, or ordered. What they bought
-- is reckoned anew from the orders whenever one of them moves.
create table shop_buyers (
  shop_id uuid not null,
  buyer_id uuid not null,
  nickname text not null check (length(nickname) <= 60),
  channel text not null check (channel in ('mini', 'mp', 'unknown')),
  since timestamptz not null,
  order_count integer not null default 0 check (order_count >= 0),
  paid_fen bigint not null default 0,
  last_order_at timestamptz,
  primary key (shop_id, buyer_id)
);
create index shop_buyers_since on shop_buyers (shop_id, since desc, buyer_id desc);
create index shop_buyers_last_order on shop_buyers (shop_id, (coalesce(last_order_at, '-infinity'::timestamptz)) desc, buyer_id desc);
create index shop_buyers_paid on shop_buyers (shop_id, paid_fen desc, buyer_id desc);
create index shop_buyers_orders on shop_buyers (shop_id, order_count desc, buyer_id desc);
create index shop_buyers_buyer on shop_buyers (buyer_id);
call app.protect('shop_buyers', 'shop_buyer');

select set_config('app.scope', 'system', true);
insert into shop_buyers (shop_id, buyer_id, nickname, channel, since, order_count, paid_fen, last_order_at)
select o.shop_id, o.buyer_id, b.nickname,
  coalesce((select split_part(i.kind, ':', 1) from buyer_identities i
    where i.buyer_id = o.buyer_id and i.kind like 'm%:%' order by i.created_at, i.kind limit 1), 'unknown'),
  min(o.placed_at), count(*) filter (where o.paid_at is not null), coalesce(sum(o.paid_fen - o.refunded_fen), 0),
  max(o.placed_at) filter (where o.paid_at is not null)
from orders o join buyers b on b.buyer_id = o.buyer_id group by o.shop_id, o.buyer_id, b.nickname;
insert into shop_buyers (shop_id, buyer_id, nickname, channel, since)
select k.shop_id, k.buyer_id, b.nickname,
  coalesce((select split_part(i.kind, ':', 1) from buyer_identities i
    where i.buyer_id = k.buyer_id and i.kind like 'm%:%' order by i.created_at, i.kind limit 1), 'unknown'),
  min(k.at)
from (select shop_id, buyer_id, added_at as at from favourites union all select shop_id, buyer_id, seen_at from seen_products
  union all select shop_id, buyer_id, agreed_at from buyer_consents) k
join buyers b on b.buyer_id = k.buyer_id group by k.shop_id, k.buyer_id, b.nickname
on conflict do nothing;
