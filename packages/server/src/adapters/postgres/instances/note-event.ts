import { limits } from '../../../kernel/limits.ts';

/**
 * Common table expressions that write one event for each row of `noted (tenant_id, instance_id, kind, state, reason, actor_id)` and delete the
 * oldest events beyond the limit. Event ids sort by time.
 */
export const noteEvent = `
  told as (
    insert into colloquy.instance_events (tenant_id, instance_id, event_id, kind, state, reason, actor_id)
    select n.tenant_id, n.instance_id, colloquy.time_ordered_id(), n.kind, n.state, n.reason, n.actor_id from noted n
  ), trimmed as (
    delete from colloquy.instance_events e using noted n
    where e.tenant_id = n.tenant_id and e.instance_id = n.instance_id and e.event_id <= (
      select o.event_id from colloquy.instance_events o where o.tenant_id = n.tenant_id and o.instance_id = n.instance_id
      order by o.event_id desc offset ${limits.instanceEventsMax - 1} limit 1)
  )`;
