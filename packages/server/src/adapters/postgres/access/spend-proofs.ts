import { plainArray } from '../array-literal.ts';
import type { Statement } from '../statement.ts';

/** One thing that may be used once. */
export interface SpentProof {
  /** SHA-256, as hex digits. */
  readonly digest: string;
  readonly keptMs: number;
}

/** Records first uses, in the order of digests so that no two transactions wait for each other; returns those that were the first. */
export function spendProofs(proofs: readonly SpentProof[]): Statement<{ readonly digest: string }> {
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
