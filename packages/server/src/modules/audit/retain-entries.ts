import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from './audit-entry.ts';
import type { AuditRetention, ExportedPart, RetentionStore } from './retention-store.ts';

interface RetentionPorts {
  readonly retentions: RetentionStore;
  readonly ids: IdSource;
}

/** How long the caller's tenant keeps its entries, and where its chain begins. */
export function readRetention({ retentions }: Pick<RetentionPorts, 'retentions'>) {
  return (caller: Caller): Promise<AuditRetention> => retentions.find(caller.tenant.id);
}

/** Sets for how many days the caller's tenant keeps its entries at least. */
export function setRetention({ retentions, ids }: RetentionPorts) {
  return async (caller: Caller, keepDays: number): Promise<AuditRetention> => {
    const facts = { keepDays: String(keepDays) };
    const act = { action: 'audit.retention-set', outcome: 'succeeded', resource: 'audit', facts } as const;
    await retentions.set(keepDays, auditEntryBy(caller, ids, act));
    return retentions.find(caller.tenant.id);
  };
}

/**
 * Prunes the entries that the caller's tenant has exported, that are under a signed checkpoint and older than its retention; none for a
 * tenant that keeps all. Resolves with the number of pruned entries. Throws `request.invalid` for a hash that is not that entry's.
 */
export function pruneEntries({ retentions, ids }: RetentionPorts) {
  return async (caller: Caller, exported: ExportedPart): Promise<{ throughSeq: number; entries: number }> => {
    let entries = 0;
    for (;;) {
      const act = { action: 'audit.pruned', outcome: 'succeeded', resource: 'audit', facts: {} } as const;
      const portion = await retentions.prune(exported, auditEntryBy(caller, ids, act));
      if (portion === null) throw notExported();
      entries += portion.entries;
      if (portion.isDone) return { throughSeq: portion.throughSeq, entries };
    }
  };
}

function notExported(): PlatformError {
  return new PlatformError('request.invalid', {
    violations: [{ field: 'hash', description: 'must be the hash of the entry at throughSeq' }],
  });
}
