-- Of every hundred customers whom a campaign could reach, how many it does not write to, so that results can be compared.
alter table speak_campaign add column held_out smallint not null default 0 check (held_out between 0 and 50);
