import { appendFileSync } from 'node:fs';
import type { OperationRecord, SeenEvent, StreamLeg } from '../checks/evidence.ts';

/** What happened to an operation. Written before a request leaves and after its answer is here. */
export type JournalLine = { readonly operation: string } & (
  | { readonly type: 'invoke'; readonly agent: string; readonly kind: OperationRecord['kind'] }
  | { readonly type: 'acknowledged'; readonly taskId: string }
  | { readonly type: 'unknown'; readonly reason: string }
  | { readonly type: 'leg'; readonly kind: StreamLeg['kind']; readonly after: number | null }
  | ({ readonly type: 'event' } & SeenEvent)
  | { readonly type: 'ok'; readonly state: string }
  | { readonly type: 'fail'; readonly reason: string }
);

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
  return { write: (line) => void waiting.push(`${JSON.stringify(line)}\n`), flush };
}

interface OpenRecord extends Omit<OperationRecord, 'unknownTries' | 'outcome'> {
  readonly acknowledged: string[];
  readonly legs: (StreamLeg & { readonly events: SeenEvent[] })[];
  unknownTries: number;
  outcome: OperationRecord['outcome'];
}

/** Folds a journal into one record for each operation. Throws on a line that follows no invoke. */
export function recordsOf(lines: Iterable<JournalLine>): OperationRecord[] {
  const records = new Map<string, OpenRecord>();
  for (const line of lines) {
    const { operation } = line;
    if (line.type === 'invoke') {
      const { agent, kind } = line;
      records.set(operation, { operation, agent, kind, acknowledged: [], legs: [], unknownTries: 0, outcome: null });
      continue;
    }
    const record = records.get(operation);
    if (record === undefined) throw new Error(`the journal never invoked ${operation}`);
    extend(record, line);
  }
  return [...records.values()];
}

function extend(record: OpenRecord, line: Exclude<JournalLine, { type: 'invoke' }>): void {
  switch (line.type) {
    case 'acknowledged':
      return void record.acknowledged.push(line.taskId);
    case 'unknown':
      record.unknownTries += 1;
      return;
    case 'leg':
      return void record.legs.push({ kind: line.kind, after: line.after, events: [] });
    case 'event':
      return void record.legs.at(-1)?.events.push({ seq: line.seq, json: line.json });
    case 'ok':
      record.outcome = { kind: 'ok', state: line.state };
      return;
    case 'fail':
      record.outcome = { kind: 'fail', reason: line.reason };
  }
}
