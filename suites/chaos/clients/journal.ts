import { appendFileSync } from 'node:fs';
import type { OperationRecord, SeenEvent, StreamLeg } from '../checks/evidence.ts';

/** What happened to an operation. Noted before a request leaves and after its answer is here. */
export type JournalLine = { readonly operation: string } & (
  | {
      readonly type: 'invoke';
      readonly agent: string;
      readonly kind: OperationRecord['kind'];
      readonly follows?: string;
    }
  | { readonly type: 'acknowledged'; readonly taskId: string }
  | { readonly type: 'unknown'; readonly reason: string }
  | { readonly type: 'leg'; readonly kind: StreamLeg['kind']; readonly after: number | null }
  | { readonly type: 'opened' }
  | { readonly type: 'event'; readonly seq: number; readonly json: string }
  | { readonly type: 'ok'; readonly state: string }
  | { readonly type: 'fail'; readonly reason: string }
);

/** A line as the file has it. */
export type NotedLine = JournalLine & { readonly atMs: number };

export interface Journal {
  write(line: JournalLine): void;
  flush(): void;
}

const flushMs = 100;

export function openJournal(file: string): Journal {
  let waiting: string[] = [];
  const flush = (): void => {
    if (waiting.length > 0) appendFileSync(file, waiting.join(''));
    waiting = [];
  };
  setInterval(flush, flushMs).unref();
  const write = (line: JournalLine): void => {
    const noted: NotedLine = { ...line, atMs: Math.round(performance.timeOrigin + performance.now()) };
    waiting.push(`${JSON.stringify(noted)}\n`);
  };
  return { write, flush };
}

type OpenLeg = { -readonly [Key in keyof StreamLeg]: StreamLeg[Key] } & { readonly events: SeenEvent[] };

interface OpenRecord extends Omit<OperationRecord, 'unknownAttempts' | 'outcome'> {
  readonly acknowledged: string[];
  readonly legs: OpenLeg[];
  unknownAttempts: number;
  outcome: OperationRecord['outcome'];
}

/** Folds a journal into one record for each operation. Throws on a line that follows no invoke. */
export function recordsOf(lines: Iterable<NotedLine>): OperationRecord[] {
  const records = new Map<string, OpenRecord>();
  for (const line of lines) {
    const { operation } = line;
    if (line.type === 'invoke') {
      const { agent, kind, follows } = line;
      const traits = { operation, agent, kind, ...(follows === undefined ? {} : { follows }) };
      records.set(operation, { ...traits, acknowledged: [], legs: [], unknownAttempts: 0, outcome: null });
      continue;
    }
    const record = records.get(operation);
    if (record === undefined) throw new Error(`the journal never invoked ${operation}`);
    extend(record, line);
  }
  return [...records.values()];
}

const newLeg = { openedAtMs: null, endedAtMs: null };
const endsLeg: ReadonlySet<JournalLine['type']> = new Set(['unknown', 'ok', 'fail', 'leg']);

function extend(record: OpenRecord, line: Exclude<NotedLine, { type: 'invoke' }>): void {
  const leg = record.legs.at(-1);
  if (leg !== undefined && endsLeg.has(line.type)) leg.endedAtMs ??= line.atMs;
  switch (line.type) {
    case 'acknowledged':
      return void record.acknowledged.push(line.taskId);
    case 'unknown':
      record.unknownAttempts += 1;
      return;
    case 'leg':
      return void record.legs.push({ ...newLeg, kind: line.kind, after: line.after, events: [] });
    case 'opened':
      if (leg !== undefined) leg.openedAtMs = line.atMs;
      return;
    case 'event':
      return void leg?.events.push({ seq: line.seq, json: line.json, atMs: line.atMs });
    case 'ok':
      record.outcome = { kind: 'ok', state: line.state };
      return;
    case 'fail':
      record.outcome = { kind: 'fail', reason: line.reason };
  }
}
