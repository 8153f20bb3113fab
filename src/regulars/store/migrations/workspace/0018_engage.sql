-- A form can be edited: every version stays, so that an answer is read against what was asked then. And it can be closed.
alter table engage_form add column version integer not null default 1;
alter table engage_form add column closed_at timestamptz;

create table engage_form_version (
    form text not null references engage_form (name) on delete cascade,
    version integer not null,
    survey jsonb not null,           -- SurveyJS JSON
    saved_at timestamptz not null,
    primary key (form, version)
);
insert into engage_form_version (form, version, survey, saved_at) select name, 1, survey, created_at from engage_form;

-- The version that a response's answers belong to.
alter table engage_response add column version integer not null default 1;
