-- Of whom a workspace counts whether they open its messages and follow its links.
alter table access_workspace add column tracking text not null default 'unless_refused';
