-- Mail that was deleted stays for a day, so that it can be taken back.
alter table sandbox_mail add column deleted_at timestamptz;
create index sandbox_mail_deleted on sandbox_mail (deleted_at) where deleted_at is not null;
