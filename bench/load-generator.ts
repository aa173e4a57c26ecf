/**
 * A closed-loop load generator in a process of its own, the same for every server that is measured. Reads a `LoadOrder` as JSON
 * from its standard input; prints one JSON line when the measured window opens, one when it closes, and the `LoadResult` at the end.
 */
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from './figures/statistics.ts';
import { ClosedLoop } from './load/closed-loop.ts';
import { createLatencyLog } from './load/measurement.ts';
import type { LatencyLog, LoadOrder, LoadResult } from './load/measurement.ts';
import { createRequestTemplate } from './load/request-template.ts';

interface Tally {
  readonly latencies: LatencyLog;
  readonly answersByTarget: number[];
  readonly errorSamples: string[];
  errors: number;
  measuring: boolean;
}

const graceMs = 10_000;
const connectMsMax = 30_000;
const errorSamplesMax = 5;

const say = (line: object): void => console.log(JSON.stringify(line));

function openLoops(order: LoadOrder, tally: Tally): ClosedLoop[] {
  const runPrefix = randomBytes(4).toString('hex');
  const server = `${order.host}:${order.port}`;
  return Array.from(
    { length: order.connections },
    (_, index) =>
      new ClosedLoop({
        host: order.host,
        port: order.port,
        noncePrefix: runPrefix + index.toString(16).padStart(4, '0'),
        templates: order.targets.map((target) => createRequestTemplate(server, target, order.bodyBytes)),
        firstTarget: index,
        answer: order.answer,
        tls: order.tls,
        onAnswer(target, latencyMs) {
          tally.answersByTarget[target] = (tally.answersByTarget[target] ?? 0) + 1;
          if (tally.measuring) tally.latencies.record(latencyMs);
        },
        onError(reason) {
          tally.errors += 1;
          if (tally.errorSamples.length < errorSamplesMax) tally.errorSamples.push(reason);
        },
      }),
  );
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const answersByTarget = order.targets.map(() => 0);
  const tally: Tally = {
    latencies: createLatencyLog(),
    answersByTarget,
    errorSamples: [],
    errors: 0,
    measuring: false,
  };
  const loops = openLoops(order, tally);
  for (const loop of loops) loop.start();
  // Handshakes, which cost a certificate's owner several requests each, are no part of the window, nor of what leads up to it.
  await Promise.race([
    Promise.all(loops.map(({ isSettled }) => isSettled)),
    wait(connectMsMax, undefined, { ref: false }),
  ]);
  await wait(order.warmupMs);
  say({ event: 'measuring' });
  tally.measuring = true;
  const startedMs = performance.now();
  await wait(order.measureMs);
  tally.measuring = false;
  const measuredMs = performance.now() - startedMs;
  say({ event: 'measured' });
  await Promise.all(loops.map((loop) => loop.finish(graceMs)));
  return summarise(order, tally, measuredMs);
}

function summarise(order: LoadOrder, tally: Tally, measuredMs: number): LoadResult {
  const sorted = tally.latencies.sorted();
  const cpu = process.cpuUsage();
  const answersInAll = tally.answersByTarget.reduce((sum, count) => sum + count, 0);
  return {
    connections: order.connections,
    measuredMs,
    answers: sorted.length,
    requestsPerSecond: (sorted.length * 1000) / measuredMs,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    maxMs: percentile(sorted, 1),
    errors: tally.errors,
    errorSamples: tally.errorSamples,
    answersByTarget: tally.answersByTarget,
    generatorCpuMicrosecondsPerAnswer: (cpu.user + cpu.system) / Math.max(1, answersInAll),
  };
}

say({ event: 'result', result: await run(JSON.parse(await text(process.stdin)) as LoadOrder) });
