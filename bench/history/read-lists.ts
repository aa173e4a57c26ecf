import { accessToken } from '../process/admin-api.ts';
import { percentile } from '../compare/statistics.ts';
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

const warmReads = 20;

export async function readLists({ platform, tenant }: Side, reads: number): Promise<ListTimes> {
  const token = await accessToken(platform.url, tenant.client);
  const url = new URL(agentPath(tenant.slug, agentName), platform.url);
  const times: number[] = [];
  let totalSize = 0;
  for (let read = -warmReads; read < reads; read += 1) {
    const startedMs = performance.now();
    totalSize = await readFirstPage(url, token);
    if (read >= 0) times.push(performance.now() - startedMs);
  }
  const sorted = times.toSorted((one, other) => one - other);
  const at = (share: number): number => percentile(sorted, share);
  return { reads, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), totalSize };
}

async function readFirstPage(url: URL, token: string): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'a2a-version': '1.0' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ListTasks', params: {} }),
  });
  const answer = (await response.json()) as { result?: { tasks: readonly object[]; totalSize: number } };
  if (answer.result === undefined || answer.result.tasks.length === 0)
    throw new Error(`ListTasks answered ${JSON.stringify(answer).slice(0, 300)}`);
  return answer.result.totalSize;
}
