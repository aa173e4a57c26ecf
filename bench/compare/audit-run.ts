import { openAdminApi, accessToken } from '../process/admin-api.ts';
import type { AdminApi } from '../process/admin-api.ts';
import { agentPath } from '../process/tenants.ts';
import type { RunTenant } from '../process/tenants.ts';
import { differencesOf } from './books.ts';
import { agentName, priceMicrocredits } from './stage.ts';
import type { Stage } from './stage.ts';

interface WalletAnswer {
  readonly grantedMicrocredits: number;
  readonly availableMicrocredits: number;
  readonly reservedMicrocredits: number;
  readonly usedMicrocredits: number;
}

interface InspectedTask {
  readonly state: string;
  readonly events: readonly { readonly seq: number }[];
}

/** A2A ListTasks counts exactly up to here. */
const listTotalMax = 10_000;
const tasksLookedInto = 5;

/** Compares what the load generators counted with what the platform recorded, through its public interfaces only. */
export async function auditRun(stage: Stage): Promise<string[]> {
  const operator = await stage.operator();
  const differences: string[] = [];
  for (const tenant of stage.tenants) {
    const answers = stage.answers.get(tenant.slug) ?? 0;
    differences.push(...(await walletDifferences(operator, tenant, answers)));
    differences.push(...(await taskDifferences(stage.platform.url, tenant, answers)));
  }
  return differences;
}

async function walletDifferences(operator: AdminApi, tenant: RunTenant, answers: number): Promise<string[]> {
  const wallet = await operator.get<WalletAnswer>(`/tenants/${tenant.slug}/credits`);
  return differencesOf({
    tenant: tenant.slug,
    grantMicrocredits: tenant.grantMicrocredits,
    priceMicrocredits,
    answers,
    wallet: {
      granted: wallet.grantedMicrocredits,
      available: wallet.availableMicrocredits,
      reserved: wallet.reservedMicrocredits,
      used: wallet.usedMicrocredits,
    },
  });
}

async function taskDifferences(url: string, tenant: RunTenant, answers: number): Promise<string[]> {
  const token = await accessToken(url, tenant.client);
  const listed = await listTasks(new URL(agentPath(tenant.slug, agentName), url), token);
  const expectedTotal = Math.min(answers, listTotalMax);
  const differences =
    listed.totalSize === expectedTotal
      ? []
      : [`${tenant.slug}: ${listed.totalSize} tasks listed, not ${expectedTotal}`];
  const api = openAdminApi(url, token);
  for (const { id } of listed.tasks) differences.push(...(await traceDifferences(api, tenant.slug, id)));
  return differences;
}

/** Looks into one task: its log, its two ledger entries and its one audit entry. */
async function traceDifferences(api: AdminApi, slug: string, taskId: string): Promise<string[]> {
  const task = await api.get<InspectedTask>(`/tenants/${slug}/tasks/${taskId}`);
  const ledger = await api.get<{ items: readonly { kind: string; amountMicrocredits: number }[] }>(
    `/tenants/${slug}/credits/entries?taskId=${taskId}`,
  );
  const audit = await api.get<{ items: readonly { outcome: string }[] }>(`/tenants/${slug}/audit?resource=${taskId}`);
  const kinds = ledger.items
    .map(({ kind, amountMicrocredits }) => `${kind} ${amountMicrocredits}`)
    .toSorted()
    .join(', ');
  const gapless = task.events.every(({ seq }, index) => seq === index + 1);
  const checks = [
    task.state === 'completed' || `is ${task.state}`,
    (gapless && task.events.length > 0) || `has the log ${task.events.map(({ seq }) => seq).join()}`,
    kinds === `reserve ${priceMicrocredits}, settle ${priceMicrocredits}` || `has the ledger entries ${kinds}`,
    (audit.items.length === 1 && audit.items[0]?.outcome === 'succeeded') || `has ${audit.items.length} audit entries`,
  ];
  return checks.filter((check) => check !== true).map((difference) => `${slug}: task ${taskId} ${difference}`);
}

async function listTasks(base: URL, token: string): Promise<{ totalSize: number; tasks: readonly { id: string }[] }> {
  const response = await fetch(base, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'a2a-version': '1.0' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ListTasks', params: { pageSize: tasksLookedInto } }),
  });
  const answer = (await response.json()) as { result?: { totalSize: number; tasks: readonly { id: string }[] } };
  if (answer.result === undefined) throw new Error(`ListTasks answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer.result;
}
