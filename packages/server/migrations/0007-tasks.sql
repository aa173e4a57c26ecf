-- Tasks, their logs, and the keys that make a repeated send find the first one.

set local role colloquy_owner;

create table colloquy.tasks (
  tenant_id            uuid not null,
  task_id              uuid not null,
  context_id           text not null,
  agent_id             uuid not null,
  instance_id          uuid not null,
  -- The principal that sent it; nobody else in the tenant sees it.
  owner_id             text not null,
  request_id           text not null,
  state                text not null check (state in
    ('submitted', 'working', 'input-required', 'auth-required', 'completed', 'failed', 'canceled', 'rejected')),
  -- Indexed, so it moves only when a task is submitted, interrupted, continued or ended.
  status_at            timestamptz not null,
  last_seq             integer not null,
  -- Lease: the node that works on the task, and the fencing number of its claim. No node when interrupted or ended.
  node_id              uuid,
  attempt              integer not null,
  upstream_task_id     text,
  reserved_microcredits bigint not null,
  cancel_requested_at  timestamptz,
  -- The routing decision: which instance and why.
  decision             jsonb not null,
  -- What the caller asked for beside the message; said again when another node repeats the message.
  send_options         text,
  -- Why a failed task failed: a code of the error catalogue.
  error_code           text,
  created_at           timestamptz not null,
  primary key (tenant_id, task_id),
  check ((node_id is null) = (state not in ('submitted', 'working')))
) with (fillfactor = 70);
-- Begins with the owner (an id unique across tenants), so that it never competes with the key for a look-up by id: with the
-- statistics of an empty table such a plan would read every task of a tenant.
create index tasks_by_owner on colloquy.tasks (owner_id, agent_id, status_at, task_id);
create index tasks_by_node on colloquy.tasks (node_id) where node_id is not null;
call colloquy.secure_tenant_table('colloquy.tasks');
grant select, insert, update on colloquy.tasks to colloquy_app;

-- The reaper moves the tasks of dead nodes, of every tenant, and may touch nothing else of them.
grant select (tenant_id, task_id, node_id, attempt, cancel_requested_at), update (node_id, attempt) on colloquy.tasks to colloquy_worker;
create policy reaper on colloquy.tasks for all to colloquy_worker using (node_id is not null) with check (node_id is not null);

create table colloquy.task_events (
  tenant_id   uuid not null,
  task_id     uuid not null,
  -- 1, 2, 3 … without a gap, given under the task's row.
  seq         integer not null check (seq >= 1),
  -- task: the first snapshot; turn: a message of the user; status, artifact: updates; reply: a message that ends the task.
  kind        text not null check (kind in ('task', 'turn', 'status', 'artifact', 'reply')),
  -- An A2A 1.0 StreamResponse as JSON text; it is never searched, so it is not parsed by the database.
  payload     text not null,
  occurred_at timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, task_id, seq)
);
call colloquy.secure_tenant_table('colloquy.task_events');
grant select, insert on colloquy.task_events to colloquy_app;

create table colloquy.idempotency_keys (
  tenant_id   uuid not null,
  -- 128 bits of SHA-256 over principal, public address, and the Idempotency-Key or the messageId with its fingerprint.
  key_hash    uuid not null,
  -- 128 bits of SHA-256 over the decoded request.
  fingerprint uuid not null,
  task_id     uuid not null,
  created_at  timestamptz not null default colloquy.now_utc(),
  primary key (tenant_id, key_hash)
);
create index idempotency_keys_by_age on colloquy.idempotency_keys using brin (created_at);
call colloquy.secure_tenant_table('colloquy.idempotency_keys');
grant select, insert on colloquy.idempotency_keys to colloquy_app;

-- Housekeeping forgets old keys of every tenant and can see nothing but their age.
grant select (created_at), delete on colloquy.idempotency_keys to colloquy_worker;
create policy housekeeping on colloquy.idempotency_keys for all to colloquy_worker using (created_at < colloquy.now_utc() - interval '1 hour');
reset role;
