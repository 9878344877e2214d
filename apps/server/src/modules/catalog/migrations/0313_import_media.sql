-- What a fetched file becomes: a picture of a kind, or the video. Null leaves the kind of a picture as it is.
alter table import_pictures
  add column kind text check (kind in ('main', 'white', 'scene', 'material', 'size', 'video'));
