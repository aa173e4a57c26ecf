-- Tasks that wait end after a while, tasks that end their workers are given up, signing keys rotate, and a name leads to every agent that had it.

set local role colloquy_owner;

-- Since when a task waits for its caller, by the database's clock; null unless it does. Neither the state nor this changes between
-- submitted and working, so that such an update touches no index.
alter table colloquy.tasks add column waiting_since timestamptz;
-- How many nodes died while they worked on the present turn.
alter table colloquy.tasks add column takeovers integer not null default 0;
-- Tasks that wait already begin to do so now: nobody who was promised no end loses a task to the day of the upgrade.
alter table colloquy.tasks no force row level security;
update colloquy.tasks set waiting_since = colloquy.now_utc() where state in ('input-required', 'auth-required');
alter table colloquy.tasks force row level security;
create index tasks_waiting on colloquy.tasks (waiting_since) where waiting_since is not null;

-- The worker finds tasks that wait, of every tenant, and sees only which and since when. It ends them as the application's role.
grant select (waiting_since, takeovers), update (takeovers) on colloquy.tasks to colloquy_worker;
create policy waiting on colloquy.tasks for select to colloquy_worker using (waiting_since is not null);

-- A node that left in good order did not die of its tasks.
alter table colloquy.nodes add column retired boolean not null default false;
grant update (retired) on colloquy.nodes to colloquy_worker;

-- Every agent that had a name: tasks stay at the address they were sent to. The name comes first, as in agents_by_name.
create index agents_by_any_name on colloquy.agents (name, tenant_id, agent_id);

-- Keys are retired by whoever rotates them and forgotten by the worker, which can take none that is in use.
grant update (retired_at) on colloquy.signing_keys to colloquy_app;
grant select (retired_at), delete on colloquy.signing_keys to colloquy_worker;
alter table colloquy.signing_keys enable row level security;
alter table colloquy.signing_keys force row level security;
create policy keys_of_the_platform on colloquy.signing_keys for all to colloquy_app using (true) with check (true);
create policy housekeeping on colloquy.signing_keys for all to colloquy_worker using (retired_at < colloquy.now_utc() - interval '1 hour');
reset role;
