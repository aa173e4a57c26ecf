/**
 * The subscribers of idle streams, in a process of their own. The first argument names a file with a `ReadersOrder`. Ready when every
 * stream is open and has shown its snapshot. On the message "finish" it writes what it saw to the order's result file and exits.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { sayReady } from '../process/ready.ts';
import { openStream } from './open-stream.ts';
import { Observations } from './observations.ts';

/** The tasks to read. */
export interface ReadersOrder {
  readonly streams: number;
  /** Streams use them round robin. */
  readonly tasks: readonly { readonly url: string; readonly token: string; readonly taskId: string }[];
  readonly resultFile: string;
}

/** Streams that are being opened at a time. */
const openingMax = 50;

const [orderFile = ''] = process.argv.slice(2);
const order = JSON.parse(readFileSync(orderFile, 'utf8')) as ReadersOrder;
const observations = new Observations(order.streams);

function open(stream: number, isOpen: () => void): void {
  const task = order.tasks[stream % order.tasks.length];
  if (task === undefined) throw new Error('there is no task to follow');
  const { url, token, taskId } = task;
  const seen = observations.of(stream);
  openStream(
    { url, token, method: 'SubscribeToTask', params: { id: taskId } },
    {
      opened: () => undefined,
      chunk(text) {
        if (seen.take(text)) isOpen();
      },
      over(problem) {
        if (seen.end(problem)) isOpen();
      },
    },
  );
}

const startedMs = performance.now();
let next = 0;
await new Promise<void>((resolve) => {
  let opened = 0;
  const openNext = (): void => {
    if (next === order.streams) return;
    const stream = next;
    next += 1;
    open(stream, () => {
      opened += 1;
      if (opened === order.streams) resolve();
      else openNext();
    });
  };
  for (let at = 0; at < openingMax; at += 1) openNext();
});
process.on('message', (message) => {
  if (message !== 'finish') return;
  writeFileSync(order.resultFile, JSON.stringify(observations.summary()));
  process.exit(0);
});
sayReady({ openedMs: performance.now() - startedMs });
