import { percentile } from '../figures/statistics.ts';
import { EventBlocks } from './event-blocks.ts';
import { heartbeatMs } from './plan.ts';
import { epochMs, piecesIn } from './words.ts';

/** What the subscribers of idle streams saw. Times in milliseconds. */
export interface ReadersResult {
  /** By number, in order: how many streams saw the piece, and how long after it was said. */
  readonly broadcasts: readonly {
    readonly piece: number;
    readonly received: number;
    readonly p50Ms: number;
    readonly p99Ms: number;
    readonly maxMs: number;
  }[];
  readonly heartbeats: {
    readonly received: number;
    /** Streams that had none. */
    readonly without: number;
    /** Silence before a heartbeat, beyond what was promised. */
    readonly lateP50Ms: number;
    readonly lateP99Ms: number;
    readonly lateMaxMs: number;
  };
  /** Streams that ended in order, after they had shown that their task was completed. */
  readonly completed: number;
  /** Everything that was not as it should be, by stream; the first few in words. */
  readonly faults: number;
  readonly faultSamples: readonly string[];
}

const faultSamplesMax = 10;

/** Collects what many streams show. */
export class Observations {
  readonly #streams: number;
  readonly #nowMs: () => number;
  readonly #latencies = new Map<number, number[]>();
  readonly #lateness: number[] = [];
  readonly #withHeartbeat = new Set<number>();
  readonly #faults: string[] = [];
  #completed = 0;

  constructor(streams: number, nowMs: () => number = epochMs) {
    this.#streams = streams;
    this.#nowMs = nowMs;
  }

  /** The eyes of one stream. */
  of(stream: number): StreamSight {
    return new StreamSight({
      nowMs: this.#nowMs,
      heartbeat: (silenceMs) => {
        this.#lateness.push(silenceMs - heartbeatMs);
        this.#withHeartbeat.add(stream);
      },
      piece: (piece, latencyMs) => {
        const latencies = this.#latencies.get(piece) ?? [];
        this.#latencies.set(piece, latencies);
        latencies.push(latencyMs);
      },
      completed: () => (this.#completed += 1),
      fault: (detail) => this.#faults.push(`stream ${stream}: ${detail}`),
    });
  }

  summary(): ReadersResult {
    const late = this.#lateness.toSorted(ascending);
    return {
      broadcasts: [...this.#latencies]
        .toSorted(([one], [other]) => one - other)
        .map(([piece, latencies]) => {
          const sorted = latencies.toSorted(ascending);
          const share = (part: number): number => percentile(sorted, part);
          return { piece, received: sorted.length, p50Ms: share(0.5), p99Ms: share(0.99), maxMs: share(1) };
        }),
      heartbeats: {
        received: late.length,
        without: this.#streams - this.#withHeartbeat.size,
        lateP50Ms: percentile(late, 0.5),
        lateP99Ms: percentile(late, 0.99),
        lateMaxMs: percentile(late, 1),
      },
      completed: this.#completed,
      faults: this.#faults.length,
      faultSamples: this.#faults.slice(0, faultSamplesMax),
    };
  }
}

const ascending = (one: number, other: number): number => one - other;

interface SightListener {
  readonly nowMs: () => number;
  heartbeat(silenceMs: number): void;
  piece(piece: number, latencyMs: number): void;
  completed(): void;
  fault(detail: string): void;
}

/** What one stream shows: a snapshot, then events without a gap or a repeat, comments in between, and the end of the task. */
class StreamSight {
  readonly #listener: SightListener;
  readonly #blocks = new EventBlocks();
  #lastId: number | null = null;
  #lastPiece = 0;
  #heardAtMs: number;
  #isCompleted = false;
  #isOver = false;

  constructor(listener: SightListener) {
    this.#listener = listener;
    this.#heardAtMs = listener.nowMs();
  }

  /** True when this was the first event. */
  take(chunk: string): boolean {
    const wasOpen = this.#lastId !== null;
    const nowMs = this.#listener.nowMs();
    for (const block of this.#blocks.take(chunk)) {
      if (block.kind === 'comment') this.#listener.heartbeat(nowMs - this.#heardAtMs);
      else this.#event(block.id, block.text, nowMs);
      this.#heardAtMs = nowMs;
    }
    return !wasOpen && this.#lastId !== null;
  }

  /** The connection is over. True when it never showed an event. */
  end(problem: string | null): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    if (problem !== null || !this.#isCompleted) this.#listener.fault(problem ?? 'ended before its task');
    else this.#listener.completed();
    return this.#lastId === null;
  }

  #event(id: number | null, text: string, nowMs: number): void {
    if (id === null) return this.#listener.fault(`an event without an id: ${text.slice(0, 100)}`);
    if (this.#lastId !== null && id !== this.#lastId + 1) this.#listener.fault(`${id} after ${this.#lastId}`);
    const isSnapshot = this.#lastId === null;
    this.#lastId = id;
    if (text.includes('TASK_STATE_COMPLETED')) this.#isCompleted = true;
    if (isSnapshot) return;
    for (const { piece, saidAtMs } of piecesIn(text)) {
      if (piece !== this.#lastPiece + 1) this.#listener.fault(`piece ${piece} after ${this.#lastPiece}`);
      this.#lastPiece = piece;
      this.#listener.piece(piece, nowMs - saidAtMs);
    }
  }
}
