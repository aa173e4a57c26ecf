import { addressOf } from '../chaos/platforms.ts';
import { startProgram } from '@colloquy/bench/process/program';
import type { Program } from '@colloquy/bench/process/program';
import type { WorkFolder } from '@colloquy/bench/process/work-folder';
import type { Illness } from './plan.ts';

const readyMsMax = 20_000;

/** One place where instances of agents run, and how they fall ill there and get well again. */
export class Replica implements AsyncDisposable {
  readonly #port: number;
  readonly #folder: WorkFolder;
  #program: Program | undefined;
  #illness: Illness | null = null;
  #starts = 0;

  constructor(port: number, folder: WorkFolder) {
    this.#port = port;
    this.#folder = folder;
  }

  /** Where it serves an agent. */
  urlOf(agent: string): string {
    return `${addressOf(this.#port)}/${agent}/`;
  }

  async start(): Promise<void> {
    this.#starts += 1;
    this.#program = await startProgram({
      label: 'an instance',
      script: new URL('./agent.ts', import.meta.url),
      args: [String(this.#port)],
      logFile: this.#folder.file(`instance-${this.#port}-${this.#starts}.log`),
      readyMsMax,
      tethered: true,
    });
  }

  async fallIll(illness: Illness): Promise<void> {
    this.#illness = illness;
    if (illness === 'dies') await this.#program?.kill();
    else if (illness === 'hangs') process.kill(this.#program?.pid ?? 0, 'SIGSTOP');
    else await this.#tell('ill');
  }

  async getWell(): Promise<void> {
    const illness = this.#illness;
    this.#illness = null;
    if (illness === 'dies') await this.start();
    else if (illness === 'hangs') process.kill(this.#program?.pid ?? 0, 'SIGCONT');
    else if (illness === 'errs') await this.#tell('well');
  }

  /** How often it was called for this agent since it was started. */
  async callsOf(agent: string): Promise<number> {
    const answer = await fetch(`${addressOf(this.#port)}/calls/${agent}`, { signal: AbortSignal.timeout(readyMsMax) });
    return (await answer.json()) as number;
  }

  async #tell(word: 'ill' | 'well'): Promise<void> {
    await fetch(`${addressOf(this.#port)}/${word}`, { method: 'POST' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What is stopped hears no other signal.
    if (this.#illness === 'hangs') process.kill(this.#program?.pid ?? 0, 'SIGCONT');
    await this.#program?.stop();
  }
}
