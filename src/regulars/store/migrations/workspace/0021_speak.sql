-- The people of a campaign, newest first.
create index speak_message_people on speak_message (campaign, id);
