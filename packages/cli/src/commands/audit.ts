import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { pages, verifyAudit } from '@colloquy/sdk/client';
import type {
  AuditCheckpoint,
  AuditDamage,
  AuditEntry,
  AuditFinding,
  AuditKey,
  AuditRetention,
} from '@colloquy/sdk/client';
import { allItems, itemsWantedBy, limitOption } from '../all-items.ts';
import type { Command, Invocation } from '../command.ts';
import { exitStatus } from '../exit-status.ts';
import { jsonIn } from '../json-file.ts';
import { lastLineOf } from '../last-line.ts';
import type { Nouns } from '../noun.ts';
import { auditLine, auditTable } from '../output/audit-text.ts';
import { table } from '../output/table.ts';
import { LocalError, UsageError } from '../usage-error.ts';

const chunkBytes = 1024 * 1024;

/** The lines of a file, in parts as they are read, so that memory does not grow with the file. */
async function* linesOf(path: string): AsyncGenerator<readonly string[]> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: chunkBytes })) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
  if (rest !== '') yield [rest];
}

const shape = /^\{"hash":"([0-9a-f]{64})",.*,"seq":(\d{1,15}),"tenantId":"[^"]*","v":1\}\}$/;

/** The last audit entry of an export; null for an empty file. The operator removes a line that was cut short. */
async function lastEntryIn(path: string): Promise<{ readonly seq: number; readonly hash: string } | null> {
  const line = await lastLineOf(path);
  if (line === null) return null;
  const [, hash, seq] = shape.exec(line) ?? [];
  if (hash !== undefined && seq !== undefined) return { seq: Number(seq), hash };
  throw new LocalError(`The last line of ${path} is no audit entry.`, 'Remove that line, or give another file.');
}

const linesDefault = 20;
const linesMax = 10_000;
const pageItems = 100;
const pollMs = 1_000;
const overlapMs = 10_000;

const auditTail: Command = {
  name: 'audit tail',
  summary: 'Show the newest audit entries of the tenant',
  positionals: [],
  options: {
    lines: { type: 'string', value: 'n', description: `Number of entries to show at most; default ${linesDefault}` },
    since: {
      type: 'string',
      value: 'time',
      description: 'Age of the oldest entry, for example 30m, 12h or 7d; default 24h',
    },
    resource: {
      type: 'string',
      value: 'resource',
      description: 'Only entries about this resource, for example a task id',
    },
    follow: { type: 'boolean', description: 'Show new entries as they come, until Ctrl-C' },
  },
  connects: true,
  details: 'With --follow, --json prints one entry per line.',
  examples: ['colloquy audit tail --since 1h', 'colloquy audit tail --resource agents/echo --follow'],
  async run(invocation) {
    const { args, output } = invocation;
    const lines = args.wholeNumber('lines', 1, linesMax) ?? linesDefault;
    const start = cursorAt(invocation.nowMs() - spanMs(args.text('since') ?? '24h'));
    const found = await newest(invocation, start, lines);
    if (!args.flag('follow')) {
      output.print(found.entries, found.entries.map(auditLine).join('\n') || 'There are no entries in this time.');
      return exitStatus.ok;
    }
    for (const entry of found.entries) output.print(entry, auditLine(entry));
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
    // Entries of transactions that took longer appear behind newer ones, so each poll starts a little earlier.
    const from = cursorAt(Math.max(msOf(start), msOf(newestId) - overlapMs));
    for (const id of shown) if (id < from) shown.delete(id);
    for await (const page of pagesAfter(invocation, from < start ? start : from)) {
      for (const entry of page.filter(({ entryId }) => !shown.has(entryId))) {
        output.print(entry, auditLine(entry));
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

const outcomes = ['succeeded', 'failed', 'refused'] as const;
const auditSearch: Command = {
  name: 'audit search',
  summary: 'Search the sealed audit entries of the tenant, newest first',
  positionals: [],
  options: {
    from: {
      type: 'string',
      value: 'time',
      description: 'Only entries from this time on, for example 2026-03-01T00:00:00Z',
    },
    until: { type: 'string', value: 'time', description: 'Only entries before this time' },
    actor: { type: 'string', value: 'id', description: 'Only entries of this principal' },
    action: { type: 'string', value: 'action', description: 'Only this action, for example agent.registered' },
    resource: {
      type: 'string',
      value: 'resource',
      description: 'Only entries about this resource, for example agents/echo',
    },
    outcome: { type: 'string', value: 'outcome', choices: outcomes, description: 'Only entries with this outcome' },
    ...limitOption('entries'),
  },
  connects: true,
  details: 'Needs the scope audit:read. The platform seals an entry one or two seconds after it writes it.',
  examples: [
    'colloquy audit search --outcome refused --from 2026-03-01T00:00:00Z',
    'colloquy audit search --actor cli_… --json',
  ],
  async run({ args, client, output, signal }) {
    const { admin } = client();
    const names = ['from', 'until', 'actor', 'action', 'resource', 'outcome'] as const;
    const wanted = Object.fromEntries(
      names.flatMap((name) => (args.text(name) === undefined ? [] : [[name, args.text(name)]])),
    );
    const found = await allItems(admin.searchAudit, { ...wanted, signal }, itemsWantedBy(args));
    output.print(found, auditTable(found) || 'No entries match.');
  },
};

const formats = ['jsonl', 'cef', 'otlp'] as const;

const auditExport: Command = {
  name: 'audit export',
  summary: 'Write the sealed audit entries of the tenant to a file',
  positionals: ['file'],
  options: {
    format: {
      type: 'string',
      value: 'format',
      choices: formats,
      description: 'Only jsonl can be verified; default jsonl',
    },
    'after-seq': { type: 'string', value: 'n', description: 'Only entries after this sequence number' },
  },
  connects: true,
  details: 'Needs the scope audit:read. An existing jsonl file is continued after its last entry.',
  examples: ['colloquy audit export audit.jsonl', 'colloquy audit export audit.cef --format cef --after-seq 120000'],
  async run({ args, client, output, signal }) {
    const format = args.choice('format', formats) ?? 'jsonl';
    const path = args.positional(0);
    const { admin } = client();
    const start =
      args.wholeNumber('after-seq', 0, Number.MAX_SAFE_INTEGER) ??
      (format === 'jsonl' ? ((await lastEntryIn(path))?.seq ?? 0) : 0);
    const file = createWriteStream(path, { flags: 'a', mode: 0o600 });
    let lines = 0;
    try {
      await output.during('Exporting audit entries', async (say) => {
        for (let afterSeq: number | undefined = start; afterSeq !== undefined;) {
          const page = await admin.exportAudit({ afterSeq, format, signal });
          for (const line of page.lines) if (!file.write(`${line}\n`)) await once(file, 'drain');
          lines += page.lines.length;
          afterSeq = page.next;
          say(`Exporting audit entries: ${lines} written`);
        }
      });
    } finally {
      file.end();
      await once(file, 'close');
    }
    output.print({ file: path, format, afterSeq: start, lines }, `Wrote ${lines} lines to ${path}.`);
  },
};

const auditVerify: Command = {
  name: 'audit verify',
  summary: 'Verify an export of audit entries, without the platform',
  positionals: ['file'],
  options: {
    checkpoints: {
      type: 'string',
      value: 'file',
      multiple: true,
      description: 'File with signed checkpoints that is kept outside the database',
    },
    key: {
      type: 'string',
      value: 'file',
      multiple: true,
      description: 'File with the public key (JWK)',
    },
    tenant: {
      type: 'string',
      value: 'id',
      description: 'Tenant id (tnt_…) of every entry; default that of the first entry',
    },
    'after-seq': {
      type: 'string',
      value: 'n',
      aliases: ['behind'],
      description: 'Last pruned sequence number; a signed checkpoint ends there',
    },
  },
  connects: false,
  details:
    'Works offline. When an entry was changed, it prints the first bad sequence number and ends with status 6,\nas it does when no key signed a checkpoint. Without checkpoints it can not detect that entries are\nmissing at the end, or that the whole history was rewritten.',
  examples: ['colloquy audit verify audit.jsonl --checkpoints tnt_….jsonl --key audit-key.json'],
  async run({ args, output }) {
    const [checkpointFiles, keyFiles] = [args.texts('checkpoints'), args.texts('key')];
    if (checkpointFiles.length > 0 && keyFiles.length === 0)
      throw new UsageError(
        '--checkpoints needs the key that signed them.',
        'Add --key; "colloquy audit key --json" prints the key.',
      );
    const checkpoints: string[] = [];
    for (const file of checkpointFiles) for await (const lines of readable(file)) checkpoints.push(...lines);
    const path = args.positional(0);
    const tenantId = args.text('tenant');
    const behind = args.wholeNumber('after-seq', 1, Number.MAX_SAFE_INTEGER);
    const keys = keyFiles.map(keyIn);
    const finding = await output.during('Verifying audit entries', () =>
      verifyAudit({
        lines: readable(path),
        checkpoints,
        keys,
        ...(tenantId === undefined ? {} : { tenantId }),
        ...(behind === undefined ? {} : { behind }),
      }),
    );
    // With --checkpoints the caller wants a proof. Lines that no key signed prove nothing: an attacker may have replaced them.
    const isUnproven = finding.isIntact && checkpointFiles.length > 0 && finding.checkpoints === 0;
    output.print(
      { ...finding, isProven: finding.isIntact && finding.checkpoints > 0 },
      isUnproven ? unproven(finding) : findingText(finding),
    );
    if (finding.uselessCheckpoints > 0)
      output.note(
        `${finding.uselessCheckpoints} checkpoint lines were ignored: they are invalid, or no given key signed them.`,
      );
    return finding.isIntact && !isUnproven ? exitStatus.ok : exitStatus.conflict;
  },
};

async function* readable(path: string): AsyncGenerator<readonly string[]> {
  const facts = await stat(path).catch(() => null);
  if (facts?.isFile() !== true)
    throw new LocalError(`The file ${path} can not be read.`, 'Check its path and permissions.');
  yield* linesOf(path);
}

function keyIn(file: string): AuditKey {
  const { kty, crv, x, kid } = jsonIn(file);
  const isEd25519 = kty === 'OKP' && crv === 'Ed25519' && typeof x === 'string' && publicKeyShape.test(x);
  if (isEd25519 && typeof kid === 'string') return { kty, crv, x, kid };
  throw new LocalError(
    `The file ${file} holds no public key of checkpoints.`,
    'Write one with "colloquy audit key --json".',
  );
}

/** The 32 bytes of an Ed25519 key (RFC 8037). */
const publicKeyShape = /^[\w-]{43}$/;

const meanings: Readonly<Record<AuditDamage, string>> = {
  unreadable: 'the line is no audit entry',
  'out-of-order': 'an entry is missing, was inserted or was moved',
  foreign: 'the entry belongs to another tenant',
  changed: 'the entry, or one before it, was changed',
  rewritten: 'entries were changed and their hashes recalculated; a checkpoint contradicts them',
  truncated: 'entries are missing at the end; a checkpoint covers more',
  rootless: 'no signed checkpoint stands where the export begins',
  contradiction: 'two signed checkpoints of one length contradict each other',
};

function findingText({ isIntact, records, provenRecords, checkpoints, firstBadSeq, damage }: AuditFinding): string {
  const proven = `${provenRecords} of them proven by ${checkpoints} signed checkpoints`;
  if (isIntact) return `Intact: ${records} entries, ${proven}.`;
  return `NOT intact at sequence ${String(firstBadSeq)}: ${damage === null ? 'unknown' : meanings[damage]}. ${records} entries before it, ${proven}.`;
}

function unproven({ records }: AuditFinding): string {
  return `NOT proven: the key signed none of the checkpoints. The hashes of ${records} entries match.`;
}

const auditCheckpoints: Command = {
  name: 'audit checkpoints',
  summary: 'List the signed checkpoints of the audit entries',
  positionals: [],
  options: {
    lines: { type: 'boolean', description: 'Print the signed lines that "colloquy audit verify" reads' },
  },
  connects: true,
  details:
    'Needs the scope audit:read. The checkpoints come from the database. To detect changes by a person who\ncan write to it, verify with the files that the platform wrote outside (COLLOQUY_AUDIT_CHECKPOINT_DIR),\nor with lines that you collected.',
  examples: ['colloquy audit checkpoints', 'colloquy audit checkpoints --lines > checkpoints.jsonl'],
  async run({ args, client, output, signal }) {
    const { admin } = client();
    const all: AuditCheckpoint[] = [];
    for (let afterSize: number | undefined = 0; afterSize !== undefined;) {
      const page = await admin.listAuditCheckpoints({ limit: 100, signal, ...(afterSize === 0 ? {} : { afterSize }) });
      all.push(...page.items);
      afterSize = page.next;
    }
    const shown = args.flag('lines')
      ? all.map(({ line }) => line).join('\n')
      : table(
          ['ENTRIES', 'SIGNED'],
          all.map(({ size, createdAt }) => [String(size), createdAt]),
        );
    output.print(all, shown || 'No checkpoint is signed yet.');
  },
};

const auditKey: Command = {
  name: 'audit key',
  summary: 'Show the public key that verifies checkpoints',
  positionals: [],
  options: {},
  connects: true,
  details:
    'Needs the scope audit:read. Keep the key where operators of the platform can not change it. "colloquy audit\nverify" reads it.',
  examples: ['colloquy audit key --json > audit-key.json'],
  async run({ client, output }) {
    const key = await client().admin.readAuditKey();
    output.print(key, JSON.stringify(key, null, 2));
  },
};

const auditErase: Command = {
  name: 'audit erase',
  summary: 'Make the personal data of a subject unreadable for ever',
  positionals: ['subject'],
  options: {},
  connects: true,
  details:
    'Needs the scope audit:erase. The entries stay and exports can still be verified; personal data of the\nsubject reads as [erased]. This can not be undone.',
  examples: ['colloquy audit erase per_0190f0e0a0b07000800000000000aaaa'],
  async run({ args, client, output }) {
    const done = await client().admin.eraseAuditSubject({ body: { subjectId: args.positional(0) } });
    output.print(done, done.isNew ? `Erased ${done.subjectId}.` : `${done.subjectId} was erased before.`);
  },
};

const keepDaysMin = 30;
const keepDaysMax = 3_650;

const auditRetention: Command = {
  name: 'audit retention',
  summary: 'Show or set how long the tenant keeps its audit entries',
  positionals: [],
  options: {
    'keep-days': {
      type: 'string',
      value: 'days',
      description: 'Days to keep entries at least, 30 to 3650',
    },
  },
  connects: true,
  details:
    'Needs the scope audit:read, and audit:erase to set it. Without a retention time, entries are kept for\never. The platform deletes nothing itself: "colloquy audit prune" removes older, exported entries.',
  examples: ['colloquy audit retention', 'colloquy audit retention --keep-days 400'],
  async run({ args, client, output }) {
    const { admin } = client();
    const keepDays = args.wholeNumber('keep-days', keepDaysMin, keepDaysMax);
    const kept =
      keepDays === undefined ? await admin.readAuditRetention() : await admin.setAuditRetention({ body: { keepDays } });
    output.print(kept, retentionText(kept));
  },
};

function retentionText({ keepDays, prunedThroughSeq }: AuditRetention): string {
  const kept =
    keepDays === undefined ? 'Entries are kept for ever.' : `Entries are kept for ${keepDays} days at least.`;
  return prunedThroughSeq === 0 ? kept : `${kept} The hash chain begins after sequence ${prunedThroughSeq}.`;
}

const auditPrune: Command = {
  name: 'audit prune',
  summary: 'Delete audit entries that an export holds',
  positionals: ['file'],
  options: {},
  connects: true,
  details:
    'Needs the scope audit:erase. Verify the export first and keep it: pruned entries can not be restored.\nPrunes only entries that are older than "colloquy audit retention" and covered by a signed checkpoint.',
  examples: ['colloquy audit prune audit.jsonl'],
  async run({ args, client, output }) {
    const path = args.positional(0);
    const last = await lastEntryIn(path);
    if (last === null)
      throw new LocalError(
        `The file ${path} has no audit entry.`,
        'Write an export first: colloquy audit export <file>.',
      );
    const pruned = await client().admin.pruneAudit({ body: { throughSeq: last.seq, hash: last.hash } });
    const { entries, prunedThroughSeq } = pruned;
    output.print(pruned, `Pruned ${entries} entries. The hash chain begins after sequence ${prunedThroughSeq}.`);
  },
};

export const auditNouns: Nouns = {
  audit: { group: 'Audit', summary: 'Search, export, verify, erase or prune audit entries' },
};

/** The commands of audit, in the order of the help. */
export const auditCommands: readonly Command[] = [
  auditTail,
  auditSearch,
  auditExport,
  auditVerify,
  auditCheckpoints,
  auditKey,
  auditErase,
  auditRetention,
  auditPrune,
];
