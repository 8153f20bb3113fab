-- A mail that was written as MJML keeps what was written beside the HTML that was made from it.
alter table speak_template add column mjml text;
