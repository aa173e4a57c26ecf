-- A task that waits for an authorization may go on by itself once that was given elsewhere, so its agent is asked now and then.

set local role colloquy_owner;

-- When the agent of a task in auth-required is asked next, by the database's clock; null in any other state. It does not change
-- between submitted and working, so that such an update touches no index.
alter table colloquy.tasks add column next_look_at timestamptz;
alter table colloquy.tasks no force row level security;
update colloquy.tasks set next_look_at = colloquy.now_utc() where state = 'auth-required';
alter table colloquy.tasks force row level security;
create index tasks_looked_at on colloquy.tasks (next_look_at) where next_look_at is not null;

-- The worker claims looks, of every tenant, and puts off the next one. What the agent says then is written as the application's role.
grant select (next_look_at), update (next_look_at) on colloquy.tasks to colloquy_worker;
create policy looking on colloquy.tasks for update to colloquy_worker
  using (next_look_at is not null) with check (next_look_at is not null);
reset role;
