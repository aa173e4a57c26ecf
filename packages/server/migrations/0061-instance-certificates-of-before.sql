-- What was seen of agents until now, with the instances that are at the same origin; agents that have others as well are looked at soon.
-- The application's role may do that as every tenant at once, so that no table is locked. Half an hour from now, when processes of before,
-- which look at one place of an agent only, are gone.

set local role colloquy_app;
select set_config('colloquy.tenant_ids', (select coalesce(array_agg(tenant_id), '{}')::text from colloquy.list_tenants('', 2147483647)), true);

insert into colloquy.instance_certificates
  (tenant_id, instance_id, is_first, origin, subject, issuer, not_before, not_after, key_pin, problem, checked_at)
select c.tenant_id, i.instance_id, row_number() over (partition by c.tenant_id, c.agent_id order by i.instance_id) = 1, c.origin, c.subject,
  c.issuer, c.not_before, c.not_after, c.key_pin, c.problem, c.checked_at
from colloquy.endpoint_certificates c
join colloquy.agents a on a.tenant_id = c.tenant_id and a.agent_id = c.agent_id and a.deregistered_at is null
join colloquy.agent_instances i on i.tenant_id = c.tenant_id and i.agent_id = c.agent_id and i.left_at is null
left join colloquy.instance_leases l on l.tenant_id = i.tenant_id and l.instance_id = i.instance_id
where l.is_lapsed is not true
  and regexp_replace(lower(substring(i.url from '^[A-Za-z]+://[^/?#]+')), '^(https://.*):443$', '\1') = c.origin
on conflict (tenant_id, instance_id) do nothing;

update colloquy.endpoint_looks k set next_look_at = least(next_look_at, colloquy.now_utc() + interval '30 minutes')
where exists (
  select from colloquy.agent_instances i
  left join colloquy.instance_certificates c on c.tenant_id = i.tenant_id and c.instance_id = i.instance_id
  where i.tenant_id = k.tenant_id and i.agent_id = k.agent_id and i.left_at is null and c.instance_id is null and i.url ~* '^https:'
);

select set_config('colloquy.tenant_ids', '', true);
reset role;
