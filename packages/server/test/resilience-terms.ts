import { uuidOf } from '../src/kernel/ids.ts';
import type { SeededTenant, TaskSetting } from './task-setting.ts';

/** Sets terms of the tenant's agent for when things go wrong, by the names of their columns; others of it stay. */
export async function setTerms(
  { rows }: Pick<TaskSetting, 'rows'>,
  { tenantId }: Pick<SeededTenant, 'tenantId'>,
  terms: Readonly<Record<string, unknown>>,
): Promise<void> {
  const names = Object.keys(terms);
  await rows(
    `insert into colloquy.resilience_policies (tenant_id, agent_name, skill_id, changed_by, ${names.join(', ')})
     values ($1, 'echo', '', 'cli_seed', ${names.map((_, at) => `$${at + 2}`).join(', ')})
     on conflict (tenant_id, agent_name, skill_id) do update set ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    uuidOf(tenantId),
    ...Object.values(terms),
  );
}
