import { createSealStore } from '../../adapters/postgres/audit/seal-store.ts';
import { checkpointKeyOf, createCheckpointFiles, createSealing } from '../../adapters/audit/index.ts';
import type { CheckpointKey } from '../../adapters/audit/index.ts';
import type { KeyVault } from '../../adapters/keys/index.ts';
import { within } from '../../kernel/clock.ts';
import type { NodeId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { Sealer } from '../../modules/audit/index.ts';
import type { Foundation } from '../foundation.ts';
import { causesOf } from '../log.ts';

export type SealFoundation = Pick<Foundation, 'config' | 'database' | 'clock' | 'log'>;

/** The state of sealing, as this process observes it. */
export interface SealState {
  /** Age of the oldest entry that is not sealed; null before the first round. */
  readonly lagMs: number | null;
  /** Entries that this process sealed, and checkpoints that it signed. */
  readonly sealed: number;
  readonly checkpoints: number;
  /** The last round failed. */
  readonly isFailing: boolean;
  /** Chains whose newest checkpoint is no longer where it was written. */
  readonly missingCheckpoints: number;
}

/** The key that signs checkpoints, the same in every process of a platform. */
export function checkpointKey(vault: KeyVault): CheckpointKey {
  return checkpointKeyOf(vault.keyFor('audit checkpoints'));
}

/** Seals audit entries in workers: one round after each renewal of the node's lease, never two at once. */
export class SealDuty {
  readonly #foundation: SealFoundation;
  readonly #sealer: Sealer;
  #round: Promise<void> | null = null;
  #nodeId: NodeId | null = null;
  #isLeaving = false;
  #state: SealState = { lagMs: null, sealed: 0, checkpoints: 0, isFailing: false, missingCheckpoints: 0 };
  #checkedAtMs: number | null = null;

  constructor(foundation: SealFoundation, vault: KeyVault) {
    const { config, database, clock } = foundation;
    this.#foundation = foundation;
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

  /** What an operator should check. */
  warnings(): readonly string[] {
    const { lagMs, isFailing, missingCheckpoints } = this.#state;
    return [
      ...(isFailing ? ['audit-sealing-fails'] : []),
      ...((lagMs ?? 0) > limits.auditLagWarnMs ? ['audit-sealing-behind'] : []),
      ...(missingCheckpoints > 0 ? ['audit-checkpoints-missing'] : []),
    ];
  }

  /** Starts a round unless one is running. While the database is away, a later round does its work. */
  seal(nodeId: NodeId): void {
    if (this.#round !== null || this.#isLeaving) return;
    this.#nodeId = nodeId;
    this.#round = this.#run(nodeId).finally(() => (this.#round = null));
  }

  /** Ends after the current round, or after `waitMs`, and leaves sealing to another process. */
  async leave(waitMs: number): Promise<void> {
    this.#isLeaving = true;
    await within(this.#foundation.clock, waitMs, this.#round ?? Promise.resolve());
    if (this.#nodeId !== null) await this.#sealer.leave(this.#nodeId).catch(() => undefined);
  }

  async #run(nodeId: NodeId): Promise<void> {
    const { sealed, checkpoints, isFailing } = this.#state;
    try {
      const round = await this.#sealer.round(nodeId);
      const missingCheckpoints = round.isHolder ? await this.#findMissingCheckpoints() : 0;
      this.#state = {
        lagMs: round.lagMs,
        sealed: sealed + round.sealed,
        checkpoints: checkpoints + round.checkpoints,
        isFailing: false,
        missingCheckpoints,
      };
    } catch (error) {
      if (!isFailing) this.#foundation.log.error({ causes: causesOf(error) }, 'audit entries could not be sealed');
      this.#state = { ...this.#state, isFailing: true };
    }
  }

  async #findMissingCheckpoints(): Promise<number> {
    const nowMs = this.#foundation.clock.monotonicMs();
    const isRecent = this.#checkedAtMs !== null && nowMs - this.#checkedAtMs < limits.auditCheckpointsCheckMs;
    if (isRecent) return this.#state.missingCheckpoints;
    this.#checkedAtMs = nowMs;
    return this.#sealer.countMissingCheckpoints();
  }
}
