-- A campaign can be edited: whoever saves second is told so.
alter table speak_campaign add column version integer not null default 1;
