import { createHash, createPublicKey, hash, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { ChainVerifier, checkpointText, readCheckpointLine } from '@colloquy/protocol/audit';
import type { AuditHashes, AuditVerdict, SignedCheckpoint } from '@colloquy/protocol/audit';
import type { AuditKey } from './admin-types.ts';

export type { AuditDamage, AuditVerdict } from '@colloquy/protocol/audit';

const leafPrefix = Buffer.of(0x00);
const nodePrefix = Buffer.of(0x01);

/** SHA-256 of the audit chain by Node. */
export const auditHashes: AuditHashes = {
  empty: hash('sha256', ''),
  leaf: (recordText, previous) =>
    createHash('sha256').update(leafPrefix).update(recordText, 'utf8').update(previous, 'hex').digest('hex'),
  node: (left, right) => createHash('sha256').update(nodePrefix).update(left, 'hex').update(right, 'hex').digest('hex'),
};

/** The input of a verification, which uses no network and no database. */
export interface AuditEvidence {
  /** Lines of an export in JSON Lines, from the first sequence number on, in batches. */
  readonly lines: AsyncIterable<readonly string[]> | Iterable<readonly string[]>;
  /** Lines of files of checkpoints, kept outside of the database. */
  readonly checkpoints: readonly string[];
  /** The public keys that may have signed them. */
  readonly keys: readonly AuditKey[];
  /** Default: the tenant of the first record. */
  readonly tenantId?: string;
  /** The export begins after this sequence number, because earlier entries were pruned; one of the checkpoints was signed there. */
  readonly behind?: number;
}

/** The result of the verification of an export against its checkpoints. */
export interface AuditFinding extends AuditVerdict {
  /** Lines that are no checkpoints, or that none of the keys signed. The verification ignores them. */
  readonly uselessCheckpoints: number;
}

/** Verifies an export: the chain of its records, and each signed checkpoint that it passes. Memory does not grow with the export. */
export async function verifyAudit({
  lines,
  checkpoints,
  keys,
  tenantId,
  behind,
}: AuditEvidence): Promise<AuditFinding> {
  const written = checkpoints.filter((line) => line !== '');
  const byId = keysById(keys);
  const signed = written.flatMap((line) => signedCheckpoint(line, byId));
  const ofTenant = signed.filter(({ checkpoint }) => tenantId === undefined || checkpoint.tenantId === tenantId);
  const verifier = new ChainVerifier(auditHashes, ofTenant, tenantId ?? null, behind);
  for await (const part of lines) {
    for (const line of part) if (line !== '') verifier.take(line);
    if (verifier.isOver) break;
  }
  return { ...verifier.finish(), uselessCheckpoints: written.length - signed.length };
}

function keysById(keys: readonly AuditKey[]): ReadonlyMap<string, KeyObject> {
  return new Map(
    keys.map(({ kty, crv, x, kid }) => [kid, createPublicKey({ key: { kty, crv, x }, format: 'jwk' })] as const),
  );
}

function signedCheckpoint(line: string, keys: ReadonlyMap<string, KeyObject>): readonly SignedCheckpoint[] {
  const read = readCheckpointLine(line);
  const key = read === null ? undefined : keys.get(read.checkpoint.kid);
  if (read === null || key === undefined) return [];
  const text = Buffer.from(checkpointText(read.checkpoint));
  return verify(null, text, key, Buffer.from(read.signature, 'base64url')) ? [read] : [];
}
