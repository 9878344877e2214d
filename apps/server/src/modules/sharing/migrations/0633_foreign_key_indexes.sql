-- What a party or a split is deleted for is looked up by it.
create index share_freezes_party on share_freezes (shop_id, party_id);
create index split_returns_receiver on split_returns (shop_id, split_id, party_id);
