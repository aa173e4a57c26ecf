import { uuidOf } from '../src/kernel/ids.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

/** Sets resilience settings of the tenant's agent, by the names of their columns; the others stay. */
export async function setResilience(
  { rows }: Pick<TaskSetting, 'rows'>,
  { tenantId }: Pick<SeededTenant, 'tenantId'>,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  const names = Object.keys(settings);
  await rows(
    `insert into colloquy.resilience_policies (tenant_id, agent_name, skill_id, changed_by, ${names.join(', ')})
     values ($1, 'echo', '', 'cli_seed', ${names.map((_, at) => `$${at + 2}`).join(', ')})
     on conflict (tenant_id, agent_name, skill_id) do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    uuidOf(tenantId),
    ...Object.values(settings),
  );
}
