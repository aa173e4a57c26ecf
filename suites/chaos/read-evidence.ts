import { readFileSync } from 'node:fs';
import type { Evidence } from './checks/evidence.ts';
import { recordsOf } from './clients/journal.ts';
import type { NotedLine } from './clients/journal.ts';
import type { RunDatabase } from '@colloquy/bench/process/database';

/** As ids look on the wire. */
export const wireTaskId = (column: string): string => `'tsk_' || replace(${column}::text, '-', '')`;

const statements = {
  agents: `
    select agent_id::text as "agentId", name, price_microcredits as "priceMicrocredits", idempotent
    from colloquy.agents`,
  tasks: `
    select tenant_id::text as "tenantId", ${wireTaskId('task_id')} as "taskId", agent_id::text as "agentId", state,
      last_seq as "lastSeq", node_id::text as "nodeId", attempt, error_code as "errorCode"
    from colloquy.tasks`,
  events: `select ${wireTaskId('task_id')} as "taskId", seq, kind, payload,
      extract(epoch from occurred_at)::float8 * 1000 as "occurredAtMs"
    from colloquy.task_events`,
  wallets: `
    select tenant_id::text as "tenantId", granted_microcredits as granted, available_microcredits as available,
      reserved_microcredits as reserved, used_microcredits as used, expired_microcredits as expired,
      overage_microcredits as overage
    from colloquy.wallets`,
  ledger: `
    select tenant_id::text as "tenantId", kind, amount_microcredits as amount, ${wireTaskId('reservation_id')} as "reservationId"
    from colloquy.ledger_entries`,
  slots: `
    select agent_id::text as "agentId", slots_max as "slotsMax", in_use as "inUse", queued from colloquy.slots`,
  audit: `
    select tenant_id::text as "tenantId", action, resource from colloquy.audit_entries where resource like 'tsk\\_%'`,
} as const;

function linesOf<T>(file: string): T[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T);
}

/** Reads what a run left behind. Call it when nothing is under way any more. */
export async function readEvidence(
  database: RunDatabase,
  files: { readonly effects: string; readonly work: string; readonly journal: string },
  { kills, frozen }: Pick<Evidence, 'kills' | 'frozen'>,
): Promise<Evidence> {
  return {
    agents: await database.read(statements.agents),
    tasks: await database.read(statements.tasks),
    events: await database.read(statements.events),
    wallets: await database.read(statements.wallets),
    ledger: await database.read(statements.ledger),
    audit: await database.read(statements.audit),
    effects: linesOf(files.effects),
    operations: recordsOf(linesOf<NotedLine>(files.journal)),
    kills,
    frozen,
    work: linesOf(files.work),
    slots: await database.read(statements.slots),
  };
}
