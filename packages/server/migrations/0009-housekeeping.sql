-- The worker forgets what has served its time, a slice after the other. It finds the rows by their place and sees only their age.

set local role colloquy_owner;
grant select (ctid) on colloquy.idempotency_keys to colloquy_worker;
grant select (ctid, expires_at), delete on colloquy.oidc_records to colloquy_worker;

-- A node that lives, or died a moment ago, can not be forgotten: its tasks would never be taken over.
grant delete on colloquy.nodes to colloquy_worker;
alter table colloquy.nodes enable row level security;
alter table colloquy.nodes force row level security;
create policy liveness_read on colloquy.nodes for select to colloquy_worker using (true);
create policy liveness_begin on colloquy.nodes for insert to colloquy_worker with check (dead_at is null);
create policy liveness_renew on colloquy.nodes for update to colloquy_worker using (true) with check (true);
create policy housekeeping on colloquy.nodes for delete to colloquy_worker
  using (dead_at < colloquy.now_utc() - interval '1 hour');
reset role;
