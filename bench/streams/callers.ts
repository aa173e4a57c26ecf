/**
 * Callers that stream, in a process of their own: so many streams alive at a time, each followed by the next when it has ended. Reads a
 * `CallersOrder` as JSON from its standard input; prints a line when the measured window opens, one when it closes, and the result.
 */
import { randomBytes } from 'node:crypto';
import { Agent } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../figures/statistics.ts';
import { EventBlocks } from './event-blocks.ts';
import { openStream } from './open-stream.ts';
import { talk } from './plan.ts';
import { piecesIn } from './words.ts';

/** The agents to call. */
export interface CallersOrder {
  readonly streams: number;
  readonly warmupMs: number;
  readonly measureMs: number;
  /** Streams use them round robin. */
  readonly targets: readonly { readonly url: string; readonly token?: string }[];
}

/** Times from the call to the first event that tells the agent's own words. */
export interface CallersResult {
  readonly measuredMs: number;
  /** Streams that began in the window. */
  readonly streams: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** To the first event of all, which at the gateway is the recorded task. */
  readonly snapshotP50Ms: number;
  readonly snapshotP99Ms: number;
  /** Streams of the whole run that did not show all that the agent said, in order, to its end. */
  readonly errors: number;
  readonly errorSamples: readonly string[];
}

const errorSamplesMax = 5;
/** A stream lives for about as long; they begin evenly over it. */
const streamMs = talk.pieces * talk.pauseMs;
const runPrefix = randomBytes(6).toString('hex');
const order = JSON.parse(await text(process.stdin)) as CallersOrder;
const agent = new Agent({ keepAlive: true });
const firstEventMs: number[] = [];
const snapshotMs: number[] = [];
const problems: string[] = [];
let isMeasuring = false;
const phase = { isOver: false };

/** The agent's first word is that it works on the task. */
const isFirstWord = (event: string): boolean => event.includes('TASK_STATE_WORKING');

async function call(target: CallersOrder['targets'][number], messageId: string): Promise<void> {
  const blocks = new EventBlocks();
  let said = '';
  let hasWord = false;
  const counts = isMeasuring;
  const startedMs = performance.now();
  const message = { messageId, role: 'ROLE_USER', parts: [{ text: 'Talk to me.' }] };
  const problem = await new Promise<string | null>((resolve) => {
    openStream(
      { ...target, method: 'SendStreamingMessage', params: { message }, agent },
      {
        opened: () => undefined,
        chunk(chunk) {
          for (const block of blocks.take(chunk)) {
            if (block.kind === 'comment') continue;
            if (counts && said === '') snapshotMs.push(performance.now() - startedMs);
            if (!hasWord && isFirstWord(block.text)) {
              hasWord = true;
              if (counts) firstEventMs.push(performance.now() - startedMs);
            }
            said += block.text;
          }
        },
        over: resolve,
      },
    );
  });
  const pieces = piecesIn(said).map(({ piece }) => piece);
  const isWhole = pieces.length === talk.pieces && pieces.every((piece, index) => piece === index + 1);
  if (problem !== null) problems.push(problem);
  else if (!hasWord || !isWhole || !said.includes('TASK_STATE_COMPLETED'))
    problems.push(`not all of it: pieces ${pieces.join()}`);
}

async function loop(index: number): Promise<void> {
  const target = order.targets[index % order.targets.length];
  if (target === undefined) throw new Error('there is no agent to call');
  await wait((index * streamMs) / order.streams);
  for (let count = 0; !phase.isOver; count += 1) await call(target, `${runPrefix}-${index}-${count}`);
}

const say = (line: object): void => console.log(JSON.stringify(line));
const loops = Array.from({ length: order.streams }, (_, index) => loop(index));
await wait(order.warmupMs);
say({ event: 'measuring' });
isMeasuring = true;
const startedMs = performance.now();
await wait(order.measureMs);
isMeasuring = false;
const measuredMs = performance.now() - startedMs;
say({ event: 'measured' });
phase.isOver = true;
await Promise.all(loops);
agent.destroy();
const ascending = (one: number, other: number): number => one - other;
const sorted = firstEventMs.toSorted(ascending);
const snapshots = snapshotMs.toSorted(ascending);
const result: CallersResult = {
  measuredMs,
  streams: sorted.length,
  p50Ms: percentile(sorted, 0.5),
  p99Ms: percentile(sorted, 0.99),
  maxMs: percentile(sorted, 1),
  snapshotP50Ms: percentile(snapshots, 0.5),
  snapshotP99Ms: percentile(snapshots, 0.99),
  errors: problems.length,
  errorSamples: problems.slice(0, errorSamplesMax),
};
say({ event: 'result', result });
