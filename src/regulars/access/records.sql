-- name: add_workspace
-- Make a workspace, unless it is there.
insert into access_workspace (name, title, delivery, sender, languages, zone)
values (%(name)s, %(title)s, %(delivery)s, %(sender)s, %(languages)s, %(zone)s) on conflict do nothing;

-- name: get_workspace
-- One workspace.
select name, title, delivery, sender, accent, tone, languages, zone, logo, logo_width, logo_height,
       closed_at, closed_by, tracking
from access_workspace where name = %(name)s;

-- name: list_workspaces
-- All workspaces, by name.
select name, title, delivery, sender, accent, tone, languages, zone, logo, logo_width, logo_height,
       closed_at, closed_by, tracking
from access_workspace order by name;

-- name: remove_workspace
-- Take a workspace out of the list.
delete from access_workspace where name = %(name)s;

-- name: claim_address
-- Take a public path for a workspace; nothing where another workspace has it.
insert into access_address (path, workspace) values (%(path)s, %(workspace)s)
on conflict (path) do update set workspace = excluded.workspace where access_address.workspace = excluded.workspace
returning workspace;

-- name: workspace_at
-- Which workspace a public path belongs to; none that is closed.
select a.workspace from access_address a join access_workspace w on w.name = a.workspace
where a.path = %(path)s and w.closed_at is null;

-- name: find_key
-- What a key opens; nothing while its workspace is closed.
select k.workspace, k.scope, k.name, k.id from access_key k join access_workspace w on w.name = k.workspace
where k.hash = %(hash)s and w.closed_at is null;

-- name: add_secret
-- Keep a secret, unless one of that name is there.
insert into access_secret (name, value) values (%(name)s, %(value)s) on conflict do nothing;

-- name: get_secret
-- A secret by name.
select value from access_secret where name = %(name)s;

-- name: add_person
-- A person of the team, found again by e-mail.
insert into access_person (email, name) values (%(email)s, %(name)s)
on conflict (email) do update set name = case when excluded.name = '' then access_person.name else excluded.name end
returning id;

-- name: add_role
-- Give a person a role in a workspace, in place of the one they had.
insert into access_role (person_id, workspace, role) values (%(person_id)s, %(workspace)s, %(role)s)
on conflict (person_id, workspace) do update set role = excluded.role;

-- name: find_person
-- A person's id by e-mail; with no e-mail, the first owner's.
select p.id from access_person p
where case when %(email)s::text = '' then exists (select 1 from access_role r where r.person_id = p.id)
           else p.email = %(email)s::text end
order by p.id limit 1;

-- name: add_login_link
-- Keep a one-time log-in link by its hash.
insert into access_login_link (hash, person_id, expires_at) values (%(hash)s, %(person_id)s, %(expires_at)s);

-- name: login_link_lives
-- Whether a log-in link is unused and in time.
select true from access_login_link where hash = %(hash)s and used_at is null and expires_at > %(now)s;

-- name: burn_login_link
-- Use a log-in link up; gives whose it was, once.
update access_login_link set used_at = %(now)s
where hash = %(hash)s and used_at is null and expires_at > %(now)s returning person_id;

-- name: sweep
-- Forget links and sessions that are over.
with links as (delete from access_login_link where expires_at < %(now)s)
delete from access_session where expires_at < %(now)s;

-- name: end_sessions
-- Forget all links, invitations and sessions.
with links as (delete from access_login_link), invited as (delete from access_invitation) delete from access_session;
