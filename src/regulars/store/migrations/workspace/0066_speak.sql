-- From this moment on what a campaign offers is over, and no message of it is sent; null: it is good for ever.
alter table speak_campaign add column ends_at timestamptz;
