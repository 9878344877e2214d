-- One review for each line of a received order; the shop's page shows those that are approved.
create table reviews (
  shop_id uuid not null,
  id uuid not null,
  buyer_id uuid not null,
  -- The nickname at that time, masked.
  author text not null check (length(author) <= 20),
  order_id uuid not null,
  line smallint not null,
  order_no text not null,
  product_id uuid not null,
  sku_id uuid not null,
  title text not null,
  options text not null,
  -- `default` was given by the clock because the buyer said nothing: it has no words and counts in no average.
  source text not null check (source in ('buyer', 'default')),
  goods_stars smallint not null check (goods_stars between 1 and 5),
  service_stars smallint not null check (service_stars between 1 and 5),
  logistics_stars smallint not null check (logistics_stars between 1 and 5),
  body text not null check (length(body) <= 500),
  tags text[] not null check (cardinality(tags) <= 6),
  picture_file_ids uuid[] not null check (cardinality(picture_file_ids) <= 9),
  video_file_id uuid,
  is_anonymous boolean not null,
  state text not null check (state in ('pending', 'approved', 'rejected')),
  reject_reason text not null default '' check (length(reject_reason) <= 200),
  -- What the machine found in the text, in words for staff.
  findings text[] not null,
  phrases text[] not null,
  polarity smallint not null check (polarity between -1 and 1),
  created_at timestamptz not null,
  decided_at timestamptz,
  decided_by text not null default '' check (length(decided_by) <= 200),
  pinned_at timestamptz,
  reply text not null default '' check (length(reply) <= 500),
  replied_at timestamptz,
  replied_by text not null default '' check (length(replied_by) <= 200),
  addition text not null default '' check (length(addition) <= 500),
  addition_picture_file_ids uuid[] not null default '{}' check (cardinality(addition_picture_file_ids) <= 9),
  addition_state text check (addition_state in ('pending', 'approved', 'rejected')),
  addition_findings text[] not null default '{}',
  addition_reject_reason text not null default '' check (length(addition_reject_reason) <= 200),
  addition_at timestamptz,
  helpful_count integer not null default 0 check (helpful_count >= 0),
  report_count integer not null default 0 check (report_count >= 0),
  is_pinned boolean not null generated always as (pinned_at is not null) stored,
  has_media boolean not null generated always as (cardinality(picture_file_ids) > 0 or video_file_id is not null) stored,
  -- How useful it is likely to be: votes first, then pictures, then words.
  weight integer not null generated always as (helpful_count * 10
    + case when cardinality(picture_file_ids) > 0 or video_file_id is not null then 6 else 0 end
    + least(length(body) / 20, 5)) stored,
  primary key (shop_id, id),
  constraint reviews_once unique (shop_id, order_id, line)
);
create index reviews_newest on reviews (shop_id, created_at desc, id desc);
create index reviews_buyer on reviews (shop_id, buyer_id, created_at desc, id desc);
create index reviews_waiting on reviews (shop_id, created_at desc, id desc)
  where state = 'pending' or addition_state = 'pending';
create index reviews_shown_new on reviews (shop_id, product_id, is_pinned desc, created_at desc, id desc)
  where state = 'approved' and source = 'buyer';
create index reviews_shown_useful on reviews (shop_id, product_id, is_pinned desc, weight desc, id desc)
  where state = 'approved' and source = 'buyer';
create index reviews_shown_low on reviews (shop_id, product_id, is_pinned desc, goods_stars, id desc)
  where state = 'approved' and source = 'buyer';
create index reviews_unanswered on reviews (shop_id, created_at)
  where state = 'approved' and source = 'buyer' and reply = '';
create index reviews_reported on reviews (shop_id) where report_count > 0;
call app.protect('reviews', 'shop_buyer');

-- Who found a review helpful: once per buyer.
create table review_votes (
  shop_id uuid not null,
  review_id uuid not null,
  buyer_id uuid not null,
  voted_at timestamptz not null,
  primary key (shop_id, review_id, buyer_id)
);
create index review_votes_buyer on review_votes (buyer_id);
call app.protect('review_votes', 'shop_buyer');

create table review_reports (
  shop_id uuid not null,
  review_id uuid not null,
  buyer_id uuid not null,
  reason text not null check (length(reason) between 1 and 200),
  reported_at timestamptz not null,
  primary key (shop_id, review_id, buyer_id)
);
create index review_reports_buyer on review_reports (buyer_id);
call app.protect('review_reports', 'shop_buyer');

-- The shop's page and the product cards read these two instead of counting reviews.
create table review_scores (
  shop_id uuid not null,
  product_id uuid not null,
  review_count integer not null default 0 check (review_count >= 0),
  star_sum bigint not null default 0 check (star_sum >= 0),
  good_count integer not null default 0,
  medium_count integer not null default 0,
  bad_count integer not null default 0,
  picture_count integer not null default 0,
  default_count integer not null default 0,
  service_sum bigint not null default 0,
  logistics_sum bigint not null default 0,
  primary key (shop_id, product_id)
);
call app.protect('review_scores', 'shop_id');

-- Opinion phrases of approved reviews, each review once.
create table review_phrases (
  shop_id uuid not null,
  product_id uuid not null,
  phrase text not null check (length(phrase) <= 20),
  review_id uuid not null,
  polarity smallint not null check (polarity between -1 and 1),
  said_at timestamptz not null,
  primary key (shop_id, product_id, phrase, review_id)
);
create index review_phrases_said on review_phrases (shop_id, said_at);
create index review_phrases_review on review_phrases (shop_id, review_id);
call app.protect('review_phrases', 'shop_id');

create table review_phrase_counts (
  shop_id uuid not null,
  product_id uuid not null,
  phrase text not null,
  polarity smallint not null,
  review_count integer not null check (review_count >= 0),
  primary key (shop_id, product_id, phrase)
);
call app.protect('review_phrase_counts', 'shop_id');

-- Received orders that wait for a review: when to remind, and when the clock decides.
create table review_invitations (
  shop_id uuid not null,
  order_id uuid not null,
  buyer_id uuid not null,
  order_no text not null,
  received_at timestamptz not null,
  remind_at timestamptz,
  reminded_at timestamptz,
  -- Null: the shop gives no reviews by itself.
  default_at timestamptz,
  done_at timestamptz,
  primary key (shop_id, order_id)
);
create index review_invitations_buyer on review_invitations (shop_id, buyer_id, received_at desc, order_id desc) where done_at is null;
create index review_invitations_remind on review_invitations (remind_at) where done_at is null and reminded_at is null;
create index review_invitations_default on review_invitations (default_at) where done_at is null;
call app.protect('review_invitations', 'shop_buyer');
