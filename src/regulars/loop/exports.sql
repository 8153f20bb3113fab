-- name: count_rows
-- How many rows an export will have, about: what is not counted is little.
select (select count(*) from store_event) + (select count(*) from hear_identity)
     + (select count(*) from remember_customer) + (select count(*) from remember_fact)
     + (select count(*) from remember_consent) + (select count(*) from understand_member)
     + (select count(*) from engage_response) + (select count(*) from speak_message)
     + (select count(*) from access_audit);

-- name: customers
-- Customers.
select row_to_json(t)::text from (select id, name, created_at from remember_customer order by id) t;

-- name: identities
-- By what customers are known.
select row_to_json(t)::text from (
    select h.id, h.kind, h.value, r.customer_id as customer
    from hear_identity h left join remember_identity r on r.identity_id = h.id order by h.id) t;

-- name: fact_names
-- The catalogue of facts.
select row_to_json(t)::text from (select name, kind, label from remember_fact_name order by name) t;

-- name: facts
-- What was learned of customers.
select row_to_json(t)::text from (
    select f.customer_id as customer, f.identity_id as identity, f.name, f.value, f.words, f.source, f.verified,
           f.at, f.origin, f.seq as event, f.holds_for is not null as holds_now
    from remember_counting f) t;

-- name: forgotten
-- What customers had forgotten: that they did, not what it was.
select row_to_json(t)::text from (
    select r.customer_id as customer, g.identity_id as identity, g.name, g.at, g.seq as event
    from remember_forgotten g left join remember_identity r on r.identity_id = g.identity_id order by g.seq) t;

-- name: consents
-- What customers allowed and withdrew.
select row_to_json(t)::text from (
    select r.customer_id as customer, c.identity_id as identity, c.purpose, c.channel, c.granted, c.at, c.proof,
           c.seq as event
    from remember_consent c left join remember_identity r on r.identity_id = c.identity_id) t;

-- name: pauses
-- Until when customers want no messages.
select row_to_json(t)::text from (
    select r.customer_id as customer, p.identity_id as identity, p.until, p.at, p.proof, p.seq as event
    from remember_pause p left join remember_identity r on r.identity_id = p.identity_id order by p.seq) t;

-- name: frequencies
-- How often customers want to be written to.
select row_to_json(t)::text from (
    select r.customer_id as customer, f.identity_id as identity, f.days, f.at, f.proof, f.seq as event
    from remember_frequency f left join remember_identity r on r.identity_id = f.identity_id order by f.seq) t;

-- name: restrictions
-- Which customers are kept and not used.
select row_to_json(t)::text from (
    select r.customer_id as customer, p.identity_id as identity, p.restricted, p.at, p.proof, p.seq as event
    from remember_restriction p left join remember_identity r on r.identity_id = p.identity_id order by p.seq) t;

-- name: suppressions
-- Addresses that nothing may be sent to.
select row_to_json(t)::text from (
    select s.identity_id as identity, s.why, s.reason, s.at, s.seq as event from decide_suppression s order by s.at) t;

-- name: events
-- The log.
select row_to_json(t)::text from (
    select e.seq, e.identity_id as identity, k.name as kind, e.at, e.received_at, e.props, e.context, e.cause,
           coalesce(e.historical, false) as historical
    from store_event e join store_kind k on k.id = e.kind order by e.seq) t;

-- name: segments
-- Segments.
select row_to_json(t)::text from (
    select s.name, s.title, s.rule, s.version, s.created_at,
           (select coalesce(json_agg(json_build_object('version', v.version, 'title', v.title, 'rule', v.rule,
                                                       'saved_at', v.saved_at) order by v.version), '[]')
            from understand_segment_version v where v.segment_id = s.id and v.version < s.version) as earlier
    from understand_segment s where s.name is not null order by s.id) t;

-- name: members
-- Who is in a segment.
select row_to_json(t)::text from (
    select s.name as segment, m.customer_id as customer, m.since
    from understand_member m join understand_segment s on s.id = m.segment_id where s.name is not null) t;

-- name: funnels
-- Funnels.
select row_to_json(t)::text from (
    select f.name, f.title, f.funnel, f.version, f.created_at,
           (select coalesce(json_agg(json_build_object('version', v.version, 'title', v.title, 'funnel', v.funnel,
                                                       'saved_at', v.saved_at) order by v.version), '[]')
            from understand_funnel_version v where v.funnel_id = f.id and v.version < f.version) as earlier
    from understand_funnel f where f.name is not null order by f.id) t;
-- name: groups
-- Groups of customers.
select row_to_json(t)::text from (select number, title, size from understand_group where found or title <> '' order by number) t;

-- name: forms
-- Forms.
select row_to_json(t)::text from (
    select name, title, survey, created_at, version, closed_at,
           (select coalesce(json_agg(json_build_object('version', v.version, 'survey', v.survey, 'saved_at', v.saved_at)
                                     order by v.version), '[]')
            from engage_form_version v where v.form = f.name and v.version < f.version) as earlier
    from engage_form f order by id) t;

-- name: responses
-- Filled forms.
select row_to_json(t)::text from (
    select r.id, r.form, r.identity_id as identity, i.customer_id as customer, r.verified, r.message_id as message,
           r.answers, r.started_at, r.finished_at, r.version
    from engage_response r left join remember_identity i on i.identity_id = r.identity_id) t;

-- name: templates
-- Templates, every version.
select row_to_json(t)::text from (
    select name, version, title, subject, html, text, ask, created_at, a.at as archived_at
    from speak_template left join speak_archived a on a.template = name order by name, version) t;

-- name: campaigns
-- Campaigns.
select row_to_json(t)::text from (
    select name, title, segment, template, purpose, channel, priority, ends_at, held_out, state, launched_at, created_at, utm
    from speak_campaign order by id) t;

-- name: messages
-- Messages, without the signed links that were in them.
select row_to_json(t)::text from (
    select m.id, nullif(m.campaign, '') as campaign, m.customer_id as customer, m.identity_id as identity, m.state,
           m.reason, p.name as template, p.version, m.used - 'why_url' - 'unsubscribe_url' - 'ask' as used,
           m.notice ->> 'subject' as notice, m.notice ->> 'address' as notice_to, m.consent_seq as consent_event,
           m.cause, m.attempts, m.created_at, m.sent_at, m.tracked
    from speak_message m left join speak_template p on p.id = m.template_id order by m.id) t;

-- name: mappings
-- How files were understood.
select row_to_json(t)::text from (select name, plan, kept_by, kept_at from hear_mapping order by name) t;

-- name: team
-- Who belongs to the team.
select row_to_json(t)::text from (
    select p.email, p.name, r.role from access_role r join access_person p on p.id = r.person_id
    where r.workspace = substr(current_schema(), 4) order by p.email) t;

-- name: audit
-- Who of the team saw and changed what.
select row_to_json(t)::text from (
    select at, who_kind, who, action, kind, name, label, before, after from access_audit order by at, n, chain) t;

-- name: workspace
-- The brand.
select row_to_json(t)::text from (
    select name, title, accent, tone, languages, zone, delivery, sender, nullif(logo, '') as logo, created_at, tracking,
           (select coalesce(json_object_agg(kind, days order by kind), '{}') from remember_retention) as kept_days,
           (select policy from decide_contact) as contact_policy
    from access_workspace where name = substr(current_schema(), 4)) t;

-- name: logo
-- The logo's name.
select logo from access_workspace where name = substr(current_schema(), 4);
