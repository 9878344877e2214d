CREATE TABLE raw_behaviour_events
(
  shop_id UUID,
  event_id UUID,
  name LowCardinality(String),
  at DateTime64(3, 'UTC'),
  received_at DateTime64(3, 'UTC'),
  device_id UUID,
  session_id UUID,
  buyer_id Nullable(UUID),
  platform LowCardinality(String),
  page LowCardinality(String),
  product_id Nullable(UUID),
  sku_id Nullable(UUID),
  order_id Nullable(UUID),
  quantity UInt32,
  total_fen Int64,
  position UInt32,
  list LowCardinality(String),
  target LowCardinality(String),
  q String,
  results UInt32,
  referrer String,
  INDEX at_range at TYPE minmax
)
ENGINE = ReplacingMergeTree(received_at)
PARTITION BY toYYYYMM(at)
ORDER BY (shop_id, name, toStartOfHour(UUIDv7ToDateTime(event_id, 'UTC')), event_id);

CREATE TABLE raw_domain_events
(
  shop_id UUID,
  event_id UUID,
  name LowCardinality(String),
  version UInt16,
  aggregate LowCardinality(String),
  aggregate_id UUID,
  occurred_at DateTime64(3, 'UTC'),
  received_at DateTime64(3, 'UTC'),
  payload String
)
ENGINE = ReplacingMergeTree(received_at)
PARTITION BY toYYYYMM(occurred_at)
ORDER BY (shop_id, name, toStartOfHour(occurred_at), event_id);
