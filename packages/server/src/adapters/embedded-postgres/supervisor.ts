import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { pruneLogs } from './log-retention.ts';
import { isRunning } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import type { RunningServer } from './server.ts';

export type EmbeddedPostgresEvent =
  /** The server's first process is gone; open connections break. */
  | { readonly kind: 'crashed' }
  /** It runs again, with every committed row, on the same port and socket. */
  | { readonly kind: 'restarted' }
  /** It crashed or failed to start too often; no further restart is attempted. */
  | { readonly kind: 'gave-up'; readonly cause: Error };

export interface Supervision {
  readonly logDirectory: string;
  /** Brings the server up on the port that its clients know; takes the one over that another process brought up. */
  readonly restart: () => Promise<RunningServer>;
  readonly onEvent: (event: EmbeddedPostgresEvent) => void;
  /** Why the server crashed last, by its log. */
  readonly reasonOfCrash: () => Promise<Error>;
}

const pollMs = 500;
const pollsPerPruning = 120;
const restartsMax = 5;
const restartWindowMs = 60_000;
const backoffMs = [0, 250, 500, 1_000, 2_000];

/** Watches the server and brings it up again when it dies. Keeps neither the process nor its event loop alive. */
export class Supervisor {
  readonly #options: Supervision;
  readonly #timer: NodeJS.Timeout;
  #identity: ProcessIdentity;
  #restartTimes: number[] = [];
  #polls = 0;
  #recovery: Promise<void> | undefined;
  #isClosed = false;

  constructor(server: RunningServer, options: Supervision) {
    this.#options = options;
    this.#identity = server.postmaster.identity;
    this.#watchChild(server.child);
    this.#timer = setInterval(() => this.#poll(), pollMs).unref();
  }

  /** Ends the watch and resolves when no restart is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#recovery;
  }

  #watchChild(child: ChildProcess | undefined): void {
    child?.once('exit', () => this.#check());
  }

  #poll(): void {
    this.#check();
    this.#polls += 1;
    if (this.#polls % pollsPerPruning === 0) pruneLogs(this.#options.logDirectory).catch(() => undefined);
  }

  #check(): void {
    if (this.#isClosed || this.#recovery !== undefined || isRunning(this.#identity)) return;
    this.#recovery = this.#recover().finally(() => {
      this.#recovery = undefined;
    });
  }

  async #recover(): Promise<void> {
    this.#options.onEvent({ kind: 'crashed' });
    let cause: Error | undefined;
    while (this.#mayRestart()) {
      await pause(backoffMs[this.#restartTimes.length - 1]);
      if (this.#isClosed) return;
      try {
        const server = await this.#options.restart();
        this.#identity = server.postmaster.identity;
        this.#watchChild(server.child);
        return this.#options.onEvent({ kind: 'restarted' });
      } catch (error) {
        cause = error instanceof Error ? error : new Error(String(error));
      }
    }
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#options.onEvent({ kind: 'gave-up', cause: cause ?? (await this.#options.reasonOfCrash()) });
  }

  #mayRestart(): boolean {
    const now = performance.now();
    this.#restartTimes = this.#restartTimes.filter((time) => now - time < restartWindowMs);
    if (this.#restartTimes.length >= restartsMax) return false;
    this.#restartTimes.push(now);
    return true;
  }
}
