import { accessToken } from '../process/admin-api.ts';
import { percentile } from '../figures/statistics.ts';
import type { Ask, ReadOrder, ReadResult } from '../load/reader.ts';
import { runGenerator } from '../load/run-generator.ts';
import { agentPath } from '../process/tenants.ts';
import { agentName } from './side.ts';
import type { Side } from './side.ts';

/** How long the first page of ListTasks took, read again and again over one connection; milliseconds. */
export interface ListTimes {
  readonly reads: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly totalSize: number;
}

const reader = new URL('../load/reader.ts', import.meta.url);

export async function readLists({ platform, tenant }: Side, reads: number): Promise<ListTimes> {
  const ask: Ask = {
    path: agentPath(tenant.slug, agentName),
    authorization: `Bearer ${await accessToken(platform.url, tenant.client)}`,
    body: { jsonrpc: '2.0', id: 1, method: 'ListTasks', params: {} },
  };
  const page = await readPage(platform.url, ask);
  const order: ReadOrder = {
    origin: platform.url,
    warmups: Array.from({ length: reads / 2 }, () => ask),
    asks: Array.from({ length: reads }, () => ask),
    readers: 1,
  };
  const { latenciesMs, found, failures } = await runGenerator<ReadResult>(reader, order);
  if (failures > 0 || found !== reads * page.tasks.length)
    throw new Error(`${reads} first pages of ListTasks had ${found} tasks, ${failures} were errors`);
  const at = (share: number): number => percentile(latenciesMs, share);
  return { reads, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), totalSize: page.totalSize };
}

interface ListPage {
  readonly tasks: readonly object[];
  readonly totalSize: number;
}

async function readPage(origin: string, { path, authorization, body }: Ask): Promise<ListPage> {
  const response = await fetch(new URL(path, origin), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization, 'a2a-version': '1.0' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { result?: ListPage };
  if (answer.result === undefined || answer.result.tasks.length === 0)
    throw new Error(`ListTasks answered ${JSON.stringify(answer).slice(0, 300)}`);
  return answer.result;
}
