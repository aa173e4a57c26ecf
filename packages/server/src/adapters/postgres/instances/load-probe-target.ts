import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { InstancePlace, ProbeKind } from '../../../modules/instances/index.ts';
import type { AgentWire } from '../../../modules/registry/index.ts';
import type { Statement } from '../statement.ts';
import { factColumns, factTables } from './fact-columns.ts';
import type { FactRow } from './fact-columns.ts';
import { wireColumn } from './instance-columns.ts';

export interface ProbeTargetRow extends FactRow {
  readonly url: string;
  readonly wire: AgentWire;
  readonly pinned_keys: readonly string[];
  /** Null when the agent has no policy; then the next five columns are null as well. */
  readonly kind: ProbeKind | null;
  readonly path: string | null;
  readonly interval_ms: number;
  readonly timeout_ms: number;
  readonly unhealthy_after: number;
  readonly healthy_after: number;
  readonly is_used: boolean;
  /** Milliseconds since the last probe; null for the first probe. */
  readonly since_last_ms: number | null;
}

const text = `
  select ${factColumns}, i.url, ${wireColumn}, a.pinned_keys, p.kind, p.path, p.interval_ms, p.timeout_ms, p.unhealthy_after, p.healthy_after,
    coalesce(h.used_at > colloquy.now_utc() - $3 * interval '1 millisecond', false) as is_used,
    case when h.probed_at is not null
      then least(floor(extract(epoch from colloquy.now_utc() - h.probed_at) * 1000), 2147483647)::integer end as since_last_ms
  from ${factTables}
  join colloquy.agents a on a.tenant_id = i.tenant_id and a.agent_id = i.agent_id and a.deregistered_at is null
  left join colloquy.probe_policies p on p.tenant_id = a.tenant_id and p.agent_id = a.agent_id
  where h.tenant_id = $1 and h.instance_id = $2`;

/** The input of a probe of an instance; no row when the instance left or its agent is deregistered. */
export function loadProbeTarget({ tenantId, instanceId }: InstancePlace): Statement<ProbeTargetRow> {
  return { name: 'load-probe-target', text, values: [uuidOf(tenantId), uuidOf(instanceId), limits.instanceUseMs] };
}
