-- The five roles of a team.
alter table access_role drop constraint access_role_role_check;
alter table access_role add check (role in ('owner', 'marketer', 'agent', 'analyst', 'viewer'));
