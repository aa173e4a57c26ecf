import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { PlacedInterface } from '../../../modules/registry/index.ts';

/** The card was just read, usually from the agent itself, so the first probe waits a full interval. */
export const firstProbe = `colloquy.now_utc() + interval '${limits.instanceProbeMs} milliseconds'`;

/**
 * Common table expressions that make `$4` to `$7` (id, url, wire, tag) the only instance that the card of the agent in
 * `moved (tenant_id, agent_id)` places. Instances from the API or from a lease stay. An instance with the same address is kept, or
 * returns. An instance that leaves is still found by its open tasks.
 */
export const placeInstance = `
  same as (
    select i.instance_id from colloquy.agent_instances i join moved m on m.tenant_id = i.tenant_id and m.agent_id = i.agent_id
    where i.url = $5 and i.binding = split_part($6::text, ' ', 2) and i.protocol_version = split_part($6::text, ' ', 1)
      and i.routing_tag is not distinct from $7
  ), gone as (
    update colloquy.agent_instances i set left_at = colloquy.now_utc() from moved m
    where m.tenant_id = i.tenant_id and m.agent_id = i.agent_id and i.source = 'card' and i.left_at is null
      and i.instance_id not in (select instance_id from same)
  ), back as (
    update colloquy.agent_instances i set left_at = null, source = 'card' from moved m, same s
    where m.tenant_id = i.tenant_id and m.agent_id = i.agent_id and i.instance_id = s.instance_id and i.left_at is not null
  ), placed as (
    insert into colloquy.agent_instances (tenant_id, instance_id, agent_id, url, binding, protocol_version, routing_tag)
    select m.tenant_id, $4, m.agent_id, $5, split_part($6::text, ' ', 2), split_part($6::text, ' ', 1), $7
    from moved m where not exists (select from same)
    returning tenant_id, instance_id
  ), watched as (
    insert into colloquy.instance_health as h (tenant_id, instance_id, next_probe_at)
    select tenant_id, instance_id, ${firstProbe} from placed
    union all select m.tenant_id, s.instance_id, ${firstProbe} from moved m, same s
    on conflict (tenant_id, instance_id) do update set next_probe_at = least(h.next_probe_at, excluded.next_probe_at)
  )`;

/** The values of `$4` to `$7`; nulls when no instance is placed. */
export function placedValues(instance: PlacedInterface | null): readonly (string | null)[] {
  if (instance === null) return [null, null, null, null];
  return [uuidOf(instance.instanceId), instance.url, instance.wire, instance.routingTag];
}
