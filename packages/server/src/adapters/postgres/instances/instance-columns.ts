import { idOf } from '../../../kernel/ids.ts';
import type {
  Dependency,
  HealthState,
  InstanceAdmission,
  InstanceSource,
  RegisteredInstance,
} from '../../../modules/instances/index.ts';
import type { AgentWire } from '../../../modules/registry/index.ts';

/** Instances `i` of open agents `a` that have not left, with lease `l` and health `h`. */
export const instanceTables = `
  colloquy.agents a
  join colloquy.agent_instances i on i.tenant_id = a.tenant_id and i.agent_id = a.agent_id and i.left_at is null
  left join colloquy.instance_leases l on l.tenant_id = i.tenant_id and l.instance_id = i.instance_id
  left join colloquy.instance_health h on h.tenant_id = i.tenant_id and h.instance_id = i.instance_id`;

/** The wire of an instance: the stored protocol version without its patch number, and the binding. The registry stores only wires that it speaks. */
export const wireColumn = `substring(i.protocol_version from '^\\d+\\.\\d+') || ' ' || i.binding as wire`;

/** The columns that show an instance. */
export const instanceColumns = `
  a.name as agent_name, i.instance_id, i.url, ${wireColumn}, i.routing_tag, i.source, i.registered_by, i.version, i.weight, i.region, i.slots_max,
  i.admission, i.admission_reason, i.admission_by, i.admission_at, i.health, i.health_reason, i.health_at, i.created_at,
  l.lease_ms, l.lease_until, l.heartbeat_at, l.lease_until <= colloquy.now_utc() as is_lapsed,
  h.probed_at, h.probe_ms, h.next_probe_at, h.dependencies`;

export interface InstanceRow {
  readonly agent_name: string;
  readonly instance_id: string;
  readonly url: string;
  readonly wire: AgentWire;
  readonly routing_tag: string | null;
  readonly source: InstanceSource;
  readonly registered_by: string | null;
  readonly version: string | null;
  readonly weight: number;
  readonly region: string | null;
  readonly slots_max: number | null;
  readonly admission: InstanceAdmission;
  readonly admission_reason: string | null;
  readonly admission_by: string | null;
  readonly admission_at: Date;
  readonly health: HealthState;
  readonly health_reason: string | null;
  readonly health_at: Date;
  readonly created_at: Date;
  /** Null when the instance has no lease; then the next three columns are null as well. */
  readonly lease_ms: number | null;
  readonly lease_until: Date;
  readonly heartbeat_at: Date;
  readonly is_lapsed: boolean;
  readonly probed_at: Date | null;
  readonly probe_ms: number | null;
  readonly next_probe_at: Date | null;
  readonly dependencies: readonly Dependency[] | null;
}

export function instanceOf(row: InstanceRow): RegisteredInstance {
  const { lease_ms: leaseMs, lease_until: until, heartbeat_at: heartbeatAt, is_lapsed: isLapsed } = row;
  return {
    instanceId: idOf('ins', row.instance_id),
    agentName: row.agent_name,
    url: row.url,
    wire: row.wire,
    routingTag: row.routing_tag,
    source: row.source,
    registeredBy: row.registered_by,
    version: row.version,
    weight: row.weight,
    region: row.region,
    slotsMax: row.slots_max,
    admission: { state: row.admission, reason: row.admission_reason, by: row.admission_by, since: row.admission_at },
    health: { state: row.health, reason: row.health_reason, since: row.health_at },
    lease: leaseMs === null ? null : { leaseMs, until, heartbeatAt, isLapsed },
    probe: { at: row.probed_at, tookMs: row.probe_ms, nextAt: row.next_probe_at },
    dependencies: row.dependencies ?? [],
    createdAt: row.created_at,
  };
}
