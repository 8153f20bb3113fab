-- name: set_brand
-- How a workspace looks, speaks and sends.
update access_workspace
set title = %(title)s, delivery = %(delivery)s, sender = %(sender)s, accent = %(accent)s, tone = %(tone)s,
    languages = %(languages)s, zone = %(zone)s
where name = %(name)s;

-- name: set_logo
-- The logo that a workspace shows from now on; '' is none.
update access_workspace set logo = %(logo)s, logo_width = %(width)s, logo_height = %(height)s where name = %(name)s;

-- name: set_tracking
-- Of whom a workspace counts it from now on.
update access_workspace set tracking = %(way)s where name = %(name)s;

-- name: add_logo
-- Keep a logo under its hash.
insert into access_logo (name, image, added_at) values (%(name)s, %(image)s, %(now)s) on conflict do nothing;

-- name: get_logo
-- A logo that a workspace has or had.
select image from access_logo where name = %(name)s;

-- name: close_workspace
-- Close a workspace, unless it is closed.
update access_workspace set closed_at = %(now)s, closed_by = %(who)s where name = %(name)s and closed_at is null;

-- name: open_workspace
-- Open a workspace that was closed.
update access_workspace set closed_at = null, closed_by = '' where name = %(name)s and closed_at is not null;

-- name: closed_before
-- The workspaces that were closed before a moment. Of several who ask one takes each.
select name from access_workspace where closed_at < %(before)s order by closed_at for update skip locked;

-- name: workspaces_of
-- The workspaces that somebody has a role in, by title; those that are closed last.
select w.name, w.title, r.role, w.closed_at
from access_role r join access_workspace w on w.name = r.workspace
where r.person_id = %(person_id)s
order by w.closed_at is not null, lower(w.title), w.name;
