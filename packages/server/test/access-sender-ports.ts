import { createProofNonces, createProofVerifier } from '../src/adapters/keys/index.ts';
import type { KeyVault } from '../src/adapters/keys/index.ts';
import { createSpentProofStore } from '../src/adapters/postgres/access/spent-proof-store.ts';
import type { DatabasePool } from '../src/adapters/postgres/pool.ts';
import type { Clock } from '../src/kernel/clock.ts';
import type { ProofNonces, ProofVerifier, SpentProofStore } from '../src/modules/access/index.ts';

interface SenderPorts {
  readonly proofs: ProofVerifier;
  readonly nonces: ProofNonces;
  readonly spentProofs: SpentProofStore;
  readonly clock: Clock;
}

/** The ports by which a process checks that a token comes from the client that it was issued to. */
export function senderPorts(pool: DatabasePool, vault: KeyVault, clock: Clock): SenderPorts {
  return {
    proofs: createProofVerifier(),
    nonces: createProofNonces(vault.keyFor('proof nonces'), clock),
    spentProofs: createSpentProofStore(pool, clock),
    clock,
  };
}
