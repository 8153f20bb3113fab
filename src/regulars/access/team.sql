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
