-- name: hold_team
-- Let no other change of this team happen until the transaction ends.
select true from access_workspace where name = %(workspace)s for no key update;

-- name: list_members
-- The team of a workspace: owners first, then by name.
select p.id, p.email, p.name, r.role, r.seen_at
from access_role r join access_person p on p.id = r.person_id
where r.workspace = %(workspace)s
order by array_position(%(roles)s::text[], r.role), lower(p.name), p.id;

-- name: role_of
-- Which role a person has in a workspace.
select role from access_role where person_id = %(person_id)s and workspace = %(workspace)s;

-- name: other_owners
-- Whether a workspace has an owner besides this person.
select exists (select 1 from access_role
               where workspace = %(workspace)s and role = 'owner' and person_id <> %(person_id)s);

-- name: set_role
-- Give a person another role.
update access_role set role = %(role)s where person_id = %(person_id)s and workspace = %(workspace)s;

-- name: remove_role
-- Take a person out of a team.
delete from access_role where person_id = %(person_id)s and workspace = %(workspace)s;

-- name: end_invitations_by
-- Take back what a person invited to a workspace, who may not invite any more.
delete from access_invitation where workspace = %(workspace)s and invited_by = %(person_id)s;

-- name: add_invitation
-- Ask somebody to join, in place of what they were asked before.
insert into access_invitation (hash, workspace, email, role, invited_by, created_at, expires_at)
values (%(hash)s, %(workspace)s, %(email)s, %(role)s, %(by)s, %(now)s, %(expires_at)s)
on conflict (workspace, email) do update set hash = excluded.hash, role = excluded.role,
    invited_by = excluded.invited_by, created_at = excluded.created_at, expires_at = excluded.expires_at
returning id;

-- name: list_invitations
-- Who was asked to join a workspace and has not answered, the newest first.
select i.id, i.email, i.role, coalesce(p.name, '') as invited_by, i.created_at, i.expires_at
from access_invitation i left join access_person p on p.id = i.invited_by
where i.workspace = %(workspace)s order by i.created_at desc, i.id desc;

-- name: get_invitation
-- One invitation of a workspace.
select i.id, i.email, i.role, coalesce(p.name, '') as invited_by, i.created_at, i.expires_at
from access_invitation i left join access_person p on p.id = i.invited_by
where i.workspace = %(workspace)s and i.id = %(id)s;

-- name: renew_invitation
-- Give an invitation another link and another seven days.
update access_invitation set hash = %(hash)s, invited_by = %(by)s, created_at = %(now)s, expires_at = %(expires_at)s
where workspace = %(workspace)s and id = %(id)s;

-- name: remove_invitation
-- Take an invitation back.
delete from access_invitation where workspace = %(workspace)s and id = %(id)s;

-- name: asked
-- What the link of an invitation says to whoever opens it.
select i.workspace, w.title, i.email, i.role, coalesce(p.name, '') as invited_by,
       exists (select 1 from access_person known where known.email = i.email) as known
from access_invitation i join access_workspace w on w.name = i.workspace
left join access_person p on p.id = i.invited_by
where i.hash = %(hash)s and i.expires_at > %(now)s;

-- name: burn_invitation
-- Use an invitation up; gives what it said, once.
delete from access_invitation where hash = %(hash)s and expires_at > %(now)s returning workspace, email, role;

-- name: end_invitation_of
-- Nothing needs an answer of somebody who belongs to the team.
delete from access_invitation where workspace = %(workspace)s and email = %(email)s;

-- name: meet_person
-- Make a person, unless there is one with this e-mail.
insert into access_person (email, name) values (%(email)s, %(name)s) on conflict do nothing returning id;

-- name: join_team
-- Give a person the role they were asked to take, unless they have one.
insert into access_role (person_id, workspace, role) values (%(person_id)s, %(workspace)s, %(role)s)
on conflict do nothing;

-- name: in_team
-- Whether somebody with this e-mail belongs to a workspace.
select exists (select 1 from access_role r join access_person p on p.id = r.person_id
               where r.workspace = %(workspace)s and p.email = %(email)s);
