import { isDeepStrictEqual } from 'node:util';
import type { EventRow, Evidence, Invariant, OperationRecord, SeenEvent, StreamLeg } from './evidence.ts';
import { endsTask, foldLog, logsOf, responseOf } from './task-log.ts';

type Found = { subject: string; detail: string };

const streamed = ({ operations }: Evidence): readonly OperationRecord[] =>
  operations.filter(({ legs }) => legs.length > 0);

/** A stream is the log, wherever it was cut and resumed. */
export const streams: Invariant = {
  name: 'streams',
  promise: 'every stream showed the log from its start to the end of the task, over all resumes, without gap or repeat',
  population: (evidence) => streamed(evidence).length,
  breaches(evidence) {
    const logs = logsOf(evidence);
    return streamed(evidence).flatMap((operation) => {
      const log = logs.get(operation.acknowledged[0] ?? '') ?? [];
      const detail = streamFault(operation, log);
      return detail === undefined ? [] : [{ subject: operation.operation, detail } satisfies Found];
    });
  },
};

function streamFault({ legs }: OperationRecord, log: readonly EventRow[]): string | undefined {
  const shown = log.filter(({ kind }) => kind !== 'turn');
  let lastSeq: number | null = null;
  for (const leg of legs) {
    const fault: string | undefined = legFault(leg, lastSeq, shown);
    if (fault !== undefined) return fault;
    lastSeq = leg.events.at(-1)?.seq ?? lastSeq;
  }
  const last = shown.at(-1);
  if (last === undefined || lastSeq !== last.seq)
    return `saw events up to ${lastSeq ?? 'none'}, the log ends at ${last?.seq ?? 'none'}`;
  return endsTask(last) ? undefined : 'the log it followed never ended';
}

/** Each connection continues where the one before was cut, or starts anew when that one had shown nothing. */
function legFault(leg: StreamLeg, lastSeq: number | null, shown: readonly EventRow[]): string | undefined {
  if ((leg.after ?? 0) !== (lastSeq ?? 0))
    return `resumed after ${leg.after ?? 'nothing'}, but had seen ${lastSeq ?? 'nothing'}`;
  const [first, ...rest] = leg.events;
  if (first === undefined) return undefined;
  if (leg.kind !== 'watch')
    return eventsFault(
      leg.events,
      shown,
      shown.findIndex(({ seq }) => seq > (leg.after ?? 0)),
    );
  const at = shown.findIndex(({ seq }) => seq === first.seq);
  const snapshot = foldLog(shown.slice(0, at + 1));
  if (at === -1 || !isDeepStrictEqual(responseOf(first.json), toJson({ task: snapshot }))) {
    return `its snapshot at ${first.seq} is not the task at that sequence`;
  }
  return eventsFault(rest, shown, at + 1);
}

function eventsFault(seen: readonly SeenEvent[], shown: readonly EventRow[], from: number): string | undefined {
  for (const [index, { seq, json }] of seen.entries()) {
    const expected = from === -1 ? undefined : shown[from + index];
    if (expected?.seq !== seq) return `showed ${seq} where the log has ${expected?.seq ?? 'nothing'}`;
    if (!isDeepStrictEqual(responseOf(json), responseOf(expected.payload)))
      return `event ${seq} is not the one of the log`;
  }
  return undefined;
}

/** As it looks after a trip over the wire: without keys that are undefined. */
const toJson = (value: object): unknown => JSON.parse(JSON.stringify(value));
