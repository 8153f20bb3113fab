-- What the team calls a template: of those that are there, what their name says.
alter table speak_template add column title text not null default '';
update speak_template set title = upper(left(name, 1)) || replace(substr(name, 2), '-', ' ');
