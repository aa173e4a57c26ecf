export { appendAuditEntry } from './append-audit-entry.ts';
export { auditActions, auditEntryBy } from './audit-entry.ts';
export type { AuditAction, AuditedAct, AuditEntry, AuditFacts, AuditOutcome, NewAuditEntry } from './audit-entry.ts';
export type { AuditLog, AuditQuery } from './audit-log.ts';
export { listAuditEntries } from './list-audit-entries.ts';
