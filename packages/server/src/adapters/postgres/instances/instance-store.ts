import { idOf, isId, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { InstanceAddress, InstanceEvent, InstanceStore, Placement } from '../../../modules/instances/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { admitInstance, changeInstance, removeInstance } from './change-instance.ts';
import { instanceColumns, instanceOf, instanceTables } from './instance-columns.ts';
import type { InstanceRow } from './instance-columns.ts';
import { lockOpenAgent, placeInstance } from './place-instance.ts';
import type { PlacementRow } from './place-instance.ts';

/** Instances in PostgreSQL, over a pool of the application's role. */
export function createInstanceStore(pool: DatabasePool): InstanceStore {
  const read = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> =>
    (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
  const write = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> => {
    const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
    return rows;
  };
  return {
    async place(tenantId, agentName, instance, entry) {
      // The lock keeps the count of instances and the lookup of the address valid until the insert.
      const statements = [
        lockOpenAgent(tenantId, agentName),
        placeInstance(tenantId, agentName, instance, entry),
      ] as const;
      const [, { rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, statements));
      return placementOf(rows[0]);
    },
    async list(tenantId, agentName, page) {
      const rows = await read(tenantId, listInstances(tenantId, agentName, page));
      if (rows.length > 0) return rows.map(instanceOf);
      return (await read(tenantId, findOpenAgent(tenantId, agentName))).length === 0 ? null : [];
    },
    async find(address) {
      const [row] = await read(address.tenantId, findInstance(address));
      return row === undefined ? null : instanceOf(row);
    },
    async change(address, change, entry) {
      return (await write(address.tenantId, changeInstance(address, change, entry))).length === 1;
    },
    async admit(address, change, entry) {
      const [row] = await write(address.tenantId, admitInstance(address, change, entry));
      return row === undefined ? null : { before: row.admission };
    },
    async remove(address, owner, entry) {
      return (await write(address.tenantId, removeInstance(address, owner, entry))).length === 1;
    },
    async listEvents(address, page) {
      return (await read(address.tenantId, listInstanceEvents(address, page))).map(eventOf);
    },
  };
}

export const instancePorts = (pool: DatabasePool) => ({ instances: createInstanceStore(pool) });

function placementOf(row: PlacementRow | undefined): Placement {
  if (row?.is_agent !== true) return 'agent-unknown';
  if (row.instance_id !== null) return idOf('ins', row.instance_id);
  return row.is_held ? 'exists' : 'too-many';
}

function eventOf(row: InstanceEventRow): InstanceEvent {
  const { event_id: eventId, kind, state, reason, actor_id: actorId, occurred_at: occurredAt } = row;
  return { eventId: eventId.replaceAll('-', ''), kind, state, reason, actorId, occurredAt };
}

/** A row when the tenant has an agent of this name. */
function findOpenAgent(tenantId: TenantId, agentName: string): Statement {
  return {
    name: 'find-open-agent',
    text: 'select from colloquy.agents where tenant_id = $1 and name = $2 and deregistered_at is null',
    values: [uuidOf(tenantId), agentName],
  };
}

const findInstanceText = `
  select ${instanceColumns} from ${instanceTables}
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null and i.instance_id = $3`;

/** One instance of a tenant's agent. */
function findInstance({ tenantId, agentName, instanceId }: InstanceAddress): Statement<InstanceRow> {
  return { name: 'find-instance', text: findInstanceText, values: [uuidOf(tenantId), agentName, uuidOf(instanceId)] };
}

const listInstancesText = `
  select ${instanceColumns} from ${instanceTables}
  where a.tenant_id = $1 and a.name = $2 and a.deregistered_at is null and i.instance_id > $3
  order by i.instance_id limit $4`;

const beforeAll = '00000000-0000-0000-0000-000000000000';

/** The instances of a tenant's agent in the order of their ids. */
function listInstances(tenantId: TenantId, agentName: string, { after, limit }: PageRequest): Statement<InstanceRow> {
  const from = after !== null && isId('ins', after) ? uuidOf(after) : beforeAll;
  return { name: 'list-instances', text: listInstancesText, values: [uuidOf(tenantId), agentName, from, limit] };
}

interface InstanceEventRow {
  readonly event_id: string;
  readonly kind: InstanceEvent['kind'];
  readonly state: string | null;
  readonly reason: string | null;
  readonly actor_id: string | null;
  readonly occurred_at: Date;
}

const listInstanceEventsText = `
  select event_id, kind, state, reason, actor_id, occurred_at from colloquy.instance_events
  where tenant_id = $1 and instance_id = $2 and event_id < $3 order by event_id desc limit $4`;

const afterAll = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Events of an instance, newest first. */
function listInstanceEvents(
  { tenantId, instanceId }: InstanceAddress,
  { after, limit }: PageRequest,
): Statement<InstanceEventRow> {
  return {
    name: 'list-instance-events',
    text: listInstanceEventsText,
    values: [uuidOf(tenantId), uuidOf(instanceId), after ?? afterAll, limit],
  };
}
