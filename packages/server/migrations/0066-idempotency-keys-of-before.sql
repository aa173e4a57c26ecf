-- Before 0013 an idempotency key contained the id of the agent; since then it contains the public address. A send that was recorded then and is
-- repeated now gets its key of today, so that it finds its task and is not charged again. Only keys that are derived from a messageId: an Idempotency-Key
-- header is stored nowhere. Adds rows and changes none. Reads nothing of databases that 0013 was applied to more than a day ago.

select set_config('colloquy.keyed_until', coalesce((
  select (applied_at + interval '1 minute')::text from public.schema_migrations where name like '0013-%'
), '-infinity'), true);

set local role colloquy_app;
select set_config('colloquy.tenant_ids', (select coalesce(array_agg(tenant_id), '{}')::text from colloquy.list_tenants('', 2147483647)), true);

insert into colloquy.idempotency_keys (tenant_id, key_hash, fingerprint, task_id, created_at)
select k.tenant_id, hashed.now, k.fingerprint, k.task_id, k.created_at
from colloquy.idempotency_keys k
join colloquy.tenants n on n.tenant_id = k.tenant_id
join colloquy.tasks t on t.tenant_id = k.tenant_id and t.task_id = k.task_id
join colloquy.agents a on a.tenant_id = t.tenant_id and a.agent_id = t.agent_id
join colloquy.task_events e on e.tenant_id = t.tenant_id and e.task_id = t.task_id and e.kind in ('task', 'turn')
cross join lateral (
  -- The first messageId is the one of the message, still as JSON text. Whether it is the right one shows the hash of before.
  select to_json(t.owner_id)::text as owner, ',"m",' || substring(e.payload from '"messageId":("(?:[^"\\]|\\.)*")') || ',"'
    || replace(k.fingerprint::text, '-', '') || '"]' as message
) said
cross join lateral (
  select
    '[' || said.owner || ',"agt_' || replace(a.agent_id::text, '-', '') || '"' || said.message as before,
    '[' || said.owner || ',' || to_json(n.slug)::text || ',' || to_json(a.name)::text || said.message as now
) named
cross join lateral (
  select encode(substr(sha256(convert_to(named.before, 'UTF8')), 1, 16), 'hex')::uuid as before,
    encode(substr(sha256(convert_to(named.now, 'UTF8')), 1, 16), 'hex')::uuid as now
) hashed
where k.created_at > colloquy.now_utc() - interval '1 day'
  and k.created_at <= current_setting('colloquy.keyed_until')::timestamptz
  and k.key_hash = hashed.before
on conflict (tenant_id, key_hash) do nothing;

select set_config('colloquy.tenant_ids', '', true);
reset role;
