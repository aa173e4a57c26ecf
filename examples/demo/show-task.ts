import { applyEvent } from '@colloquy/protocol';
import type { StreamResponse, Task } from '@colloquy/protocol';
import { taskCost } from '@colloquy/sdk/client';
import type { AuditEntry, InspectedTask, LedgerEntry, MessageInput, TaskCost } from '@colloquy/sdk/client';
import { cyan, credits, dim, fact, green, red, say, span, yellow } from './screen.ts';
import type { DemoTenant } from './seed.ts';

/** Everything that can be known about a task that was sent and has ended. */
export interface SentTask {
  readonly task: Task;
  /** Sequence numbers in the order they came. */
  readonly seqs: readonly number[];
  readonly events: readonly StreamResponse[];
  /** As the last event of the stream tells it. */
  readonly cost: TaskCost | undefined;
  readonly inspected: InspectedTask;
  readonly ledger: readonly LedgerEntry[];
  readonly audit: readonly AuditEntry[];
}

/**
 * Sends a message as a stream, to the router when no agent is named, shows each event as it comes, then what the platform wrote down about it.
 * `words` stand for the message on the screen.
 */
export async function sendAndShow(
  tenant: DemoTenant,
  agent: string | null,
  words: string,
  message: MessageInput = words,
): Promise<SentTask> {
  const called = agent ?? 'router';
  say(`\n  ${cyan(tenant.slug)} → ${cyan(called)}  “${words}”`);
  const startMs = performance.now();
  const { client } = tenant;
  const stream = (agent === null ? client.router() : client.agent(agent)).stream(message, { showCost: true });
  const [seqs, events]: [number[], StreamResponse[]] = [[], []];
  let task: Task | undefined;
  for await (const event of stream) {
    seqs.push(Number(stream.lastEventId));
    events.push(event);
    task = task === undefined ? event.task : applyEvent(task, event);
    say(`     ${dim(String(seqs.at(-1)).padStart(3))}  ${eventText(event)}  ${dim(span(performance.now() - startMs))}`);
  }
  if (task === undefined) throw new Error(`The stream of ${called} began without a task.`);
  const written = await writtenDown(tenant, task.id);
  const cost = taskCost(events.at(-1)?.statusUpdate ?? {});
  showWrittenDown(written);
  return { task, seqs, events, cost, ...written };
}

type WrittenDown = Pick<SentTask, 'inspected' | 'ledger' | 'audit'>;

async function writtenDown({ client }: DemoTenant, taskId: string): Promise<WrittenDown> {
  const { admin } = client;
  const [inspected, ledger, entries] = await Promise.all([
    admin.inspectTask({ task: taskId }),
    admin.listLedgerEntries({ taskId }),
    admin.listAuditEntries({ resource: taskId }),
  ]);
  return { inspected, ledger: ledger.items.toSorted(asItHappened), audit: entries.items };
}

/** People read the story from its beginning: credits are reserved before anything else. */
function asItHappened(one: LedgerEntry, other: LedgerEntry): number {
  return Number(other.kind === 'reserve') - Number(one.kind === 'reserve');
}

function showWrittenDown({ inspected, ledger, audit }: WrittenDown): void {
  const { decision, attempt } = inspected;
  fact('routing', decisionText(decision) + dim(`  attempt ${attempt}`));
  fact('ledger', ledger.map(({ kind, amountMicrocredits }) => `${kind} ${credits(amountMicrocredits)}`).join(' → '));
  fact('audit', audit.map(({ action, outcome }) => `${action} ${outcomeText(outcome)}`).join(', '));
}

function decisionText(decision: unknown): string {
  if (typeof decision !== 'object' || decision === null) return String(decision);
  const known = new Map<string, unknown>(Object.entries(decision));
  const place = `${String(known.get('reason'))}: ${String(known.get('instanceId'))}, card version ${String(known.get('cardVersion'))}`;
  return `${routerText(known.get('router'))}${place}`;
}

function routerText(router: unknown): string {
  if (typeof router !== 'object' || router === null) return '';
  const known = new Map<string, unknown>(Object.entries(router));
  return `${String(known.get('by'))} of ${String(known.get('offers'))} → skill ${String(known.get('skill'))}; `;
}

function outcomeText(outcome: string): string {
  return outcome === 'succeeded' ? green(outcome) : yellow(outcome);
}

function eventText(event: StreamResponse): string {
  if (event.artifactUpdate !== undefined) {
    const { artifact } = event.artifactUpdate;
    return `${artifact.name ?? artifact.artifactId}: ${textOf(artifact.parts).trim() || 'data'}`;
  }
  if (event.message !== undefined) return textOf(event.message.parts);
  const { status } = event.task ?? event.statusUpdate;
  const state = status.state.replace('TASK_STATE_', '').toLowerCase();
  const said = status.message === undefined ? '' : `  ${textOf(status.message.parts)}`;
  const colour = state === 'completed' ? green : state === 'failed' ? red : yellow;
  return `${colour(state)}${said}`;
}

function textOf(parts: readonly { readonly text?: string | undefined }[]): string {
  return parts.map(({ text }) => text ?? '').join('');
}
