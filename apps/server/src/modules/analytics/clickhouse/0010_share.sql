-- The share (or channel) by which the visitor came: `?from=` of the address that was opened.
ALTER TABLE raw_behaviour_events ADD COLUMN IF NOT EXISTS share LowCardinality(String) DEFAULT '' AFTER referrer;
