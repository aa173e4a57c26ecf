import type { CancelTimer, Clock } from '../kernel/clock.ts';
import { limits } from '../kernel/limits.ts';
import { carryOnRotation } from '../modules/secrets/index.ts';
import type { CarryOnPorts } from '../modules/secrets/index.ts';
import type { Log } from '../surfaces/http/index.ts';
import { causesOf } from './log.ts';

export interface RotationDutyOptions {
  readonly ports: CarryOnPorts;
  /** Whether this process has the role that works in the background. */
  readonly isWorker: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** Carries rotations of secret keys on, a slice after the other, whenever one is open. */
export class RotationDuty {
  readonly #options: RotationDutyOptions;
  #cancel: CancelTimer = () => undefined;
  #looking: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: RotationDutyOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#options.isWorker) this.#lookAfter(0);
  }

  /** Resolves when the slice under way is done. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#looking;
  }

  #lookAfter(delayMs: number): void {
    if (this.#isStopped) return;
    this.#cancel = this.#options.clock.after(delayMs, () => {
      this.#looking = this.#look();
    });
  }

  async #look(): Promise<void> {
    const { ports, log } = this.#options;
    let wasBusy = false;
    try {
      wasBusy = await carryOnRotation(ports);
    } catch (error) {
      // Its claim runs out, and whoever has the keys and the database carries on.
      log.warn({ causes: causesOf(error) }, 'a rotation of secret keys could not be carried on');
    }
    this.#lookAfter(wasBusy ? 0 : limits.rotationLookMs);
  }
}
