import type { LoadTarget } from './request-template.ts';

/** What one run of the load generator found. Times in milliseconds. */
export interface LoadResult {
  readonly connections: number;
  /** Length of the measured window. */
  readonly measuredMs: number;
  /** Correct answers that arrived inside the window. */
  readonly answers: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Requests with a wrong answer or none, warm-up included. */
  readonly errors: number;
  /** What was wrong with the first few of them. */
  readonly errorSamples: readonly string[];
  /** Correct answers of the whole run for each target, warm-up and the last ones under way included. */
  readonly answersByTarget: readonly number[];
  /** CPU time of the load generator itself for each answer of the whole run. */
  readonly generatorCpuMicrosecondsPerAnswer: number;
}

/** What the load generator reads from its standard input. */
export interface LoadOrder {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  readonly warmupMs: number;
  readonly measureMs: number;
  readonly bodyBytes: number;
  /** What a right answer says beside the echo: a completed task, or a message of the agent. */
  readonly answer: 'task' | 'message';
  /** Each connection takes them round robin. */
  readonly targets: readonly LoadTarget[];
  /** Connections are TLS, with this certificate of the caller; PEM texts. */
  readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string };
}

/** Latencies of one window, in a buffer that grows without an object for each of them. */
export interface LatencyLog {
  record(latencyMs: number): void;
  count(): number;
  /** The recorded latencies, shortest first. */
  sorted(): Float64Array;
}

export function createLatencyLog(): LatencyLog {
  let values = new Float64Array(1 << 16);
  let used = 0;
  return {
    record(latencyMs) {
      if (used === values.length) {
        const larger = new Float64Array(values.length * 2);
        larger.set(values);
        values = larger;
      }
      values[used] = latencyMs;
      used += 1;
    },
    count: () => used,
    sorted: () => values.slice(0, used).sort(),
  };
}
