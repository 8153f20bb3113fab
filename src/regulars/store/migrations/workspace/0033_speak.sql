-- What a version of a template was composed of, where it was composed of blocks; its HTML and text were made from them.
alter table speak_template add column blocks json;
