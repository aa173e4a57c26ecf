import { createHash, hash } from 'node:crypto';
import type { AuditHashes } from '@colloquy/protocol/audit';

const leafPrefix = Buffer.of(0x00);
const nodePrefix = Buffer.of(0x01);

/** The hashes of the audit chain by Node's SHA-256. */
export const nodeHashes: AuditHashes = {
  empty: hash('sha256', ''),
  leaf: (recordText, previous) =>
    createHash('sha256').update(leafPrefix).update(recordText, 'utf8').update(previous, 'hex').digest('hex'),
  node: (left, right) => createHash('sha256').update(nodePrefix).update(left, 'hex').update(right, 'hex').digest('hex'),
};
