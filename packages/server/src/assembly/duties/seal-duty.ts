import { createSealStore } from '../../adapters/postgres/audit/seal-store.ts';
import { checkpointKeyOf, createCheckpointFiles, createSealing } from '../../adapters/audit/index.ts';
import type { CheckpointKey } from '../../adapters/audit/index.ts';
import type { KeyVault } from '../../adapters/keys/index.ts';
import type { Config } from '../../config/config.ts';
import { within } from '../../kernel/clock.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { NodeId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { Sealer } from '../../modules/audit/index.ts';
import type { Log } from '../../surfaces/http/index.ts';
import type { Database } from '../database.ts';
import { causesOf } from '../log.ts';

export interface SealDutyOptions {
  readonly config: Config;
  readonly database: Database;
  readonly vault: KeyVault;
  readonly clock: Clock;
  readonly log: Log;
}

/** How sealing stands, as this process sees it. */
export interface SealState {
  /** Age of the oldest entry that is not sealed; null before the first look. */
  readonly lagMs: number | null;
  /** Entries that this process sealed, and checkpoints that it signed. */
  readonly sealed: number;
  readonly checkpoints: number;
  /** The last round could not be finished. */
  readonly isFailing: boolean;
  /** Chains whose last checkpoint is not where it was written any more. */
  readonly missingCheckpoints: number;
}

/** The key that signs checkpoints, the same in every process of a platform. */
export function checkpointKey(vault: KeyVault): CheckpointKey {
  return checkpointKeyOf(vault.keyFor('audit checkpoints'));
}

/** The part of a worker that seals audit entries: one round after each renewal of its node's lease, never two at once. */
export class SealDuty {
  readonly #options: SealDutyOptions;
  readonly #sealer: Sealer;
  #round: Promise<void> | null = null;
  #nodeId: NodeId | null = null;
  #isLeaving = false;
  #state: SealState = { lagMs: null, sealed: 0, checkpoints: 0, isFailing: false, missingCheckpoints: 0 };
  #lookedAtMs: number | null = null;

  constructor(options: SealDutyOptions) {
    const { config, database, vault, clock } = options;
    this.#options = options;
    this.#sealer = new Sealer({
      store: createSealStore(database.sealers),
      sealing: createSealing(checkpointKey(vault), (tenantId) => vault.keyFor(`audit digests ${tenantId}`)),
      sink: createCheckpointFiles(config.audit.checkpointDir),
      clock,
      times: {
        checkpointMs: config.audit.checkpointMs,
        checkpointRecordsMax: limits.auditCheckpointRecordsMax,
      },
    });
  }

  get state(): SealState {
    return this.#state;
  }

  /** What somebody should look at. */
  warnings(): readonly string[] {
    const { lagMs, isFailing, missingCheckpoints } = this.#state;
    return [
      ...(isFailing ? ['audit-sealing-fails'] : []),
      ...((lagMs ?? 0) > limits.auditLagWarnMs ? ['audit-sealing-behind'] : []),
      ...(missingCheckpoints > 0 ? ['audit-checkpoints-missing'] : []),
    ];
  }

  /** Starts a round unless one is under way. What it can not do for want of the database, the next one does. */
  look(nodeId: NodeId): void {
    if (this.#round !== null || this.#isLeaving || !this.#options.config.roles.has('worker')) return;
    this.#nodeId = nodeId;
    this.#round = this.#run(nodeId).finally(() => (this.#round = null));
  }

  /** Ends after the round under way, or after the time, and leaves sealing to another process. */
  async leave(waitMs: number): Promise<void> {
    this.#isLeaving = true;
    await within(this.#options.clock, waitMs, this.#round ?? Promise.resolve());
    if (this.#nodeId !== null) await this.#sealer.leave(this.#nodeId).catch(() => undefined);
  }

  async #run(nodeId: NodeId): Promise<void> {
    const { sealed, checkpoints, isFailing } = this.#state;
    try {
      const round = await this.#sealer.round(nodeId);
      const missingCheckpoints = round.isHolder ? await this.#lookForCheckpoints() : 0;
      this.#state = {
        lagMs: round.lagMs,
        sealed: sealed + round.sealed,
        checkpoints: checkpoints + round.checkpoints,
        isFailing: false,
        missingCheckpoints,
      };
    } catch (error) {
      if (!isFailing) this.#options.log.error({ causes: causesOf(error) }, 'audit entries could not be sealed');
      this.#state = { ...this.#state, isFailing: true };
    }
  }

  async #lookForCheckpoints(): Promise<number> {
    const nowMs = this.#options.clock.monotonicMs();
    const isRecent = this.#lookedAtMs !== null && nowMs - this.#lookedAtMs < limits.auditCheckpointsLookMs;
    if (isRecent) return this.#state.missingCheckpoints;
    this.#lookedAtMs = nowMs;
    return this.#sealer.countMissingCheckpoints();
  }
}
