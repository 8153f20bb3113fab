-- name: add_template
-- The next version of a template.
-- Without a title it keeps the one it has; the first is called as its name says.
insert into speak_template (name, version, title, subject, html, text, ask, blocks, mjml)
values (%(name)s, (select coalesce(max(version), 0) + 1 from speak_template where name = %(name)s),
        coalesce(%(title)s::text, (select title from speak_template where name = %(name)s order by version desc limit 1),
                 upper(left(%(name)s, 1)) || replace(substr(%(name)s, 2), '-', ' ')),
        %(subject)s, %(html)s, %(text)s, %(ask)s, %(blocks)s::json, %(mjml)s)
on conflict (name, version) do nothing
returning id, name, version, subject, html, text, ask,
          (select at from speak_archived where template = %(name)s) as archived_at, blocks, title, mjml;

-- name: get_template
-- One version of a template; the newest where none is named.
select id, name, version, subject, html, text, ask, a.at as archived_at, blocks, title, mjml
from speak_template left join speak_archived a on a.template = name
where name = %(name)s and (%(version)s::integer is null or version = %(version)s::integer)
order by version desc limit 1;

-- name: list_templates
-- The newest version of every template in use, or of those named.
select distinct on (name) id, name, version, subject, html, text, ask, a.at as archived_at, blocks, title, mjml
from speak_template left join speak_archived a on a.template = name
where case when %(names)s::text[] is null then a.at is null else name = any (%(names)s::text[]) end
order by name, version desc;

-- name: template_labels
-- Every template in its newest version, as lists name it: nothing of what it says but its subject.
select distinct on (name) name, title, subject, version, ask, blocks is not null as composed,
       a.at is not null as archived
from speak_template left join speak_archived a on a.template = name
order by name, version desc;

-- name: template_titles
-- What every template, or each of those named, is called.
select distinct on (name) name, title from speak_template
where %(among)s::text[] is null or name = any (%(among)s::text[]) order by name, version desc;

-- name: templates_naming
-- The newest version of every template in use that names something anywhere.
select * from (
    select distinct on (name) id, name, version, subject, html, text, ask, null::timestamptz as archived_at, blocks, title, mjml
    from speak_template where name not in (select template from speak_archived)
    order by name, version desc) as newest
where strpos(subject || html || text, %(word)s) > 0
order by name;

-- name: versions_of
-- Every version of a template with when it was saved, the newest first.
select version, created_at from speak_template where name = %(name)s order by version desc limit %(limit)s;

-- name: archive_templates
-- Archive templates; those that were not.
insert into speak_archived (template, at) select unnest(%(names)s::text[]), %(now)s
on conflict (template) do nothing
returning template;

-- name: bring_templates_back
-- Let archived templates be used again; those that were archived.
delete from speak_archived where template = any (%(names)s::text[]) returning template;

-- name: campaigns_sending
-- The campaigns that send some templates, whatever their state, so that one being launched just now is waited for.
select name, template, state from speak_campaign where template = any (%(templates)s::text[]) order by id for share;
