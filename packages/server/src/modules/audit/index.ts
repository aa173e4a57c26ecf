export { auditActions } from '../../kernel/declarations.gen.ts';
export { auditEntryBy } from './audit-entry.ts';
export type { AuditAction, AuditedAct, AuditEntry, AuditFacts, AuditOutcome, NewAuditEntry } from './audit-entry.ts';
export { appendAuditEntry } from './audit-log.ts';
export type { AuditLog, AuditQuery } from './audit-log.ts';
export { listAuditEntries } from './list-audit-entries.ts';
export { Sealer } from './sealer.ts';
export type { SealerTimes, SealRound } from './sealer.ts';
export type { ChainEnd, ContentDigests, EntryToSeal, KeptNode, SealedEntry } from './sealed-record.ts';
export type {
  DueChain,
  SealBatch,
  SealPlace,
  SealStore,
  SealTerm,
  SealWindow,
  SignedChain,
  TaskContent,
} from './seal-store.ts';
export type { ChainGrowth, CheckpointSink, Sealing } from './sealing.ts';
export type { AuditArchive, AuditSearch, KeptCheckpoint, KeptEntry, SearchPlace } from './audit-archive.ts';
export { exportAudit, listAuditCheckpoints, proveConsistency, proveInclusion } from './read-chain.ts';
export type { ChainProof, ChainProofs, ReadHashes } from './read-chain.ts';
export { searchAudit } from './search-audit.ts';
export type { FoundEntry } from './search-audit.ts';
export { eraseSubject } from './erase-subject.ts';
export { pruneEntries, readRetention, setRetention } from './retain-entries.ts';
export type { AuditRetention, ExportedPart, PrunedPortion, RetentionStore } from './retention-store.ts';
export { createPersonalFacts, erasedFact } from './personal-facts.ts';
export type { PersonalFactPorts, PersonalFacts, PersonalFactsPorts } from './personal-facts.ts';
export type { FactCipher, SubjectKey, SubjectKeyStore } from './subject-key-store.ts';
