import type { Clock } from '../../../kernel/clock.ts';
import { limits } from '../../../kernel/limits.ts';
import type { SpentProofStore } from '../../../modules/access/index.ts';
import { plainArray } from '../array-literal.ts';
import { BatchWriter } from '../batch-writer.ts';
import { AmbiguousCommitError, DatabaseUnavailableError } from '../database-errors.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction } from '../transaction.ts';

/** First uses in PostgreSQL, over a pool of the application's role. Those that arrive together are recorded together. */
export function createSpentProofStore(pool: DatabasePool, clock: Clock): SpentProofStore {
  const writer = new BatchWriter<SpentProof, boolean>({
    write: (proofs) => spend(pool, proofs),
    clock,
    batchItemsMax: limits.batchItemsMax,
    batchesInFlightMax: limits.batchesInFlightMax,
    queueItemsMax: limits.spentProofsWaitingMax,
  });
  return {
    spend: (digest, keptMs) => writer.submit({ digest: Buffer.from(digest).toString('hex'), keptMs }),
  };
}

async function spend(pool: DatabasePool, proofs: readonly SpentProof[]): Promise<readonly boolean[]> {
  // The same one twice in one batch: the second is a second use.
  const firstOf = new Map(proofs.map((proof, at): [string, number] => [proof.digest, at]).toReversed());
  const distinct = [...firstOf.values()].flatMap((at) => proofs[at] ?? []);
  try {
    const [{ rows }] = await inTransaction(pool, { tenantIds: [] }, [spendProofs(distinct)]);
    const recorded = new Set(rows.map(({ digest }) => digest));
    return proofs.map(({ digest }, at) => recorded.has(digest) && firstOf.get(digest) === at);
  } catch (error) {
    // Asked again, it would find its own record and take a first use for a second. The sender makes a new proof.
    throw error instanceof AmbiguousCommitError ? new DatabaseUnavailableError(error) : error;
  }
}

/** One thing that may be used once. */
interface SpentProof {
  /** SHA-256, as hex digits. */
  readonly digest: string;
  readonly keptMs: number;
}

/** Records first uses, in the order of digests so that no two transactions wait for each other; returns those that were the first. */
function spendProofs(proofs: readonly SpentProof[]): Statement<{ readonly digest: string }> {
  const sorted = proofs.toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
  return {
    name: 'spend-proofs',
    text: `
      insert into colloquy.spent_proofs (digest, expires_at)
      select decode(p.digest, 'hex'), colloquy.now_utc() + p.kept_ms * interval '1 millisecond'
      from unnest($1::text[], $2::integer[]) as p (digest, kept_ms)
      on conflict (digest) do nothing
      returning encode(digest, 'hex') as digest`,
    values: [plainArray(sorted.map(({ digest }) => digest)), plainArray(sorted.map(({ keptMs }) => keptMs))],
  };
}
