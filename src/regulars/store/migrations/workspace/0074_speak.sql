-- A campaign goes at a moment, is paused and goes on, or is cancelled for ever; it may address only who is there then.
alter table speak_campaign drop constraint speak_campaign_state_check;
alter table speak_campaign add constraint speak_campaign_state_check
    check (state in ('draft', 'planned', 'live', 'paused', 'stopped', 'cancelled'));
alter table speak_campaign add column whom text not null default 'entering' check (whom in ('entering', 'once'));
alter table speak_campaign add column goes_at timestamptz;
alter table speak_campaign add column by_clock boolean not null default false;
create index speak_campaign_planned on speak_campaign (goes_at) where state = 'planned';
