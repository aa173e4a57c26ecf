import { uuidOf } from '../src/kernel/ids.ts';
import type { TenantId } from '../src/kernel/ids.ts';
import type { TaskSetting } from './task-setting.ts';

/** What is counted of the slots of a tenant's agents and instances. */
export interface SlotRow {
  readonly key_id: string;
  readonly slots_max: number | null;
  readonly in_use: number;
  readonly queued: number;
}

export function slotRows({ rows }: Pick<TaskSetting, 'rows'>, tenantId: TenantId): Promise<SlotRow[]> {
  return rows<SlotRow>(
    `select key_id, slots_max, in_use, queued from colloquy.slots where tenant_id = $1 order by key_id = agent_id desc, key_id`,
    uuidOf(tenantId),
  );
}
