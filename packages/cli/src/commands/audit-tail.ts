import { setTimeout as delay } from 'node:timers/promises';
import { pages } from '@colloquy/sdk/client';
import type { AuditEntry } from '@colloquy/sdk/client';
import type { Command, Invocation } from '../command.ts';
import { exitStatus } from '../exit-status.ts';
import { printable } from '../output/table.ts';
import { UsageError } from '../usage-error.ts';

const linesDefault = 20;
const linesMax = 10_000;
const pageItems = 100;
const pollMs = 1_000;
const overlapMs = 10_000;

export const auditTail: Command = {
  name: 'audit tail',
  summary: 'Show the newest audit entries of the tenant',
  positionals: [],
  options: {
    lines: { type: 'string', value: 'n', description: `Entries to show at most; default ${linesDefault}` },
    since: { type: 'string', value: 'time', description: 'How far to look back, as in 30m, 12h or 7d; default 24h' },
    resource: { type: 'string', value: 'resource', description: 'Only entries about this, for example a task id' },
    follow: { type: 'boolean', description: 'Go on and show entries as they come, until Ctrl-C' },
  },
  connects: true,
  details: 'With --follow, --json prints one value a line, each an entry.',
  examples: ['colloquy audit tail --since 1h', 'colloquy audit tail --resource agents/echo --follow'],
  async run(invocation) {
    const { args, output } = invocation;
    const lines = args.wholeNumber('lines', 1, linesMax) ?? linesDefault;
    const start = cursorAt(invocation.nowMs() - spanMs(args.text('since') ?? '24h'));
    const found = await newest(invocation, start, lines);
    if (!args.flag('follow')) {
      output.print(found.entries, found.entries.map(lineOf).join('\n') || 'There are no entries in this time.');
      return exitStatus.ok;
    }
    for (const entry of found.entries) output.print(entry, lineOf(entry));
    return follow(invocation, found.cursor);
  },
};

interface Found {
  readonly entries: readonly AuditEntry[];
  /** After the newest entry that was seen. */
  readonly cursor: string;
}

async function newest(invocation: Invocation, start: string, lines: number): Promise<Found> {
  let entries: readonly AuditEntry[] = [];
  let cursor = start;
  for await (const page of pagesAfter(invocation, start)) {
    entries = [...entries, ...page].slice(-lines);
    cursor = page.at(-1)?.entryId ?? cursor;
  }
  return { entries, cursor };
}

async function follow(invocation: Invocation, start: string): Promise<number> {
  const { output, signal } = invocation;
  const shown = new Set<string>();
  let newestId = start;
  while (!signal.aborted) {
    // Entries of transactions that took longer appear behind newer ones, so each look goes back a little.
    const from = cursorAt(Math.max(msOf(start), msOf(newestId) - overlapMs));
    for (const id of shown) if (id < from) shown.delete(id);
    for await (const page of pagesAfter(invocation, from < start ? start : from)) {
      for (const entry of page.filter(({ entryId }) => !shown.has(entryId))) {
        output.print(entry, lineOf(entry));
        shown.add(entry.entryId);
      }
      newestId = page.at(-1)?.entryId ?? newestId;
    }
    await delay(pollMs, undefined, { signal }).catch(() => undefined);
  }
  return exitStatus.ok;
}

async function* pagesAfter({ args, client, signal }: Invocation, start: string): AsyncGenerator<readonly AuditEntry[]> {
  const resource = args.text('resource');
  const { admin } = client();
  const query = { limit: pageItems, signal, resource, after: start };
  for await (const page of pages(admin.listAuditEntries, query)) yield page.items;
}

function msOf(entryId: string): number {
  return Number.parseInt(entryId.slice(4, 16), 16);
}

/** Entry ids begin with the milliseconds of their making (UUIDv7), so a time is a place in the list. */
function cursorAt(ms: number): string {
  return `ent_${Math.max(0, ms).toString(16).padStart(12, '0')}70008000000000000000`;
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function spanMs(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = unitMs[unit];
  if (ms === undefined) throw new UsageError(`"${text}" is not a time span.`, 'Write it like 30m, 12h or 7d.');
  return Number(count) * ms;
}

function lineOf({ occurredAt, action, outcome, resource, actorId, facts }: AuditEntry): string {
  const more = Object.entries(facts).map(([name, value]) => `${name}=${value}`);
  return printable([occurredAt, action.padEnd(18), outcome.padEnd(9), resource, `by ${actorId}`, ...more].join('  '));
}
