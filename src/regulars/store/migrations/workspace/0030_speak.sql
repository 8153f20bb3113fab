-- By the address a message went to: who belongs to nobody else any more was written to all the same.
create index speak_message_identity on speak_message (identity_id) where identity_id is not null;
