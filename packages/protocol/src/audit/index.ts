/** The form of sealed audit records: their text, their chain, its Merkle tree, and what is signed about it. */
export { chainStart } from './audit-hashes.ts';
export type { AuditHashes } from './audit-hashes.ts';
export { exportLineOf, readExportLine, recordOf, recordTextOf } from './audit-record.ts';
export type { AuditRecord, ExportedRecord, SealableEntry } from './audit-record.ts';
export { ChainVerifier } from './chain-verifier.ts';
export type { AuditDamage, AuditVerdict } from './chain-verifier.ts';
export { checkpointLineOf, checkpointText, readCheckpointLine } from './checkpoint.ts';
export type { AuditCheckpoint, SignedCheckpoint } from './checkpoint.ts';
export { isConsistent, isIncluded } from './merkle-proof.ts';
export type { ConsistencyClaim, InclusionClaim } from './merkle-proof.ts';
export { consistencyProof, emptyTree, inclusionProof, rootAt, rootOf, withLeaf } from './merkle-tree.ts';
export type { CompletedNode, MerkleTree, ReadSubtree } from './merkle-tree.ts';
