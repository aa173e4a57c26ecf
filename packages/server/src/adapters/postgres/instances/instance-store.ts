import { idOf, uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { InstanceEvent, InstanceStore, Placement } from '../../../modules/instances/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { admitInstance } from './admit-instance.ts';
import { changeInstance } from './change-instance.ts';
import { findInstance } from './find-instance.ts';
import { findOpenAgent } from './find-open-agent.ts';
import { instanceOf } from './instance-columns.ts';
import { listInstanceEvents } from './list-instance-events.ts';
import type { InstanceEventRow } from './list-instance-events.ts';
import { listInstances } from './list-instances.ts';
import { lockOpenAgent } from './lock-open-agent.ts';
import { placeInstance } from './place-instance.ts';
import type { PlacementRow } from './place-instance.ts';
import { removeInstance } from './remove-instance.ts';

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
      // The count of instances and the look for the address hold only while nobody else places one.
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

function placementOf(row: PlacementRow | undefined): Placement {
  if (row?.is_agent !== true) return 'agent-unknown';
  if (row.instance_id !== null) return idOf('ins', row.instance_id);
  return row.is_held ? 'exists' : 'too-many';
}

function eventOf(row: InstanceEventRow): InstanceEvent {
  const { event_id: eventId, kind, state, reason, actor_id: actorId, occurred_at: occurredAt } = row;
  return { eventId: eventId.replaceAll('-', ''), kind, state, reason, actorId, occurredAt };
}
