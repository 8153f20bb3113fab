-- name: keep_figures
-- Keep what a process has counted so far.
insert into web_process (name, at, figures) values (%(name)s, %(now)s::timestamptz, %(figures)s)
on conflict (name) do update set at = excluded.at, figures = excluded.figures;

-- name: forget_processes
-- Forget processes that have counted nothing for long: they ended.
delete from web_process where at < %(before)s::timestamptz;

-- name: list_figures
-- What every process has counted.
select name, figures from web_process order by name;

-- name: quarantine_sizes
-- How many events each follower could not take.
select f.name, count(q.seq) from store_follower f left join store_quarantine q on q.follower = f.name
group by f.name order by f.name;

-- name: outbox_states
-- How many messages are in each state.
select state, count(*) from speak_message group by state order by state;
