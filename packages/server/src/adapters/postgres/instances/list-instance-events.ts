import { uuidOf } from '../../../kernel/ids.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { InstanceAddress, InstanceEvent } from '../../../modules/instances/index.ts';
import type { Statement } from '../statement.ts';

export interface InstanceEventRow {
  readonly event_id: string;
  readonly kind: InstanceEvent['kind'];
  readonly state: string | null;
  readonly reason: string | null;
  readonly actor_id: string | null;
  readonly occurred_at: Date;
}

const text = `
  select event_id, kind, state, reason, actor_id, occurred_at from colloquy.instance_events
  where tenant_id = $1 and instance_id = $2 and event_id < $3 order by event_id desc limit $4`;

const afterAll = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** What became of an instance, newest first. */
export function listInstanceEvents(
  { tenantId, instanceId }: InstanceAddress,
  { after, limit }: PageRequest,
): Statement<InstanceEventRow> {
  return {
    name: 'list-instance-events',
    text,
    values: [uuidOf(tenantId), uuidOf(instanceId), after ?? afterAll, limit],
  };
}
