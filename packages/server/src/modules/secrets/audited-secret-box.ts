import type { Clock } from '../../kernel/clock.ts';
import { asPlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import type { SecretBox, SecretPlace } from '../../kernel/secret-box.ts';
import type { AuditLog } from '../audit/index.ts';

export interface AuditedSecretBoxPorts {
  readonly box: SecretBox;
  readonly audit: AuditLog;
  readonly ids: IdSource;
  readonly clock: Clock;
  /** Called for every secret that did not open, with its place and never with its bytes. */
  readonly report: (place: SecretPlace, error: unknown) => void;
}

/**
 * A box whose failures to open leave an audit entry with the tenant: changed or moved bytes mean that the database was tampered with. One entry
 * for each place in `limits.secretFaultEntryMs`, because the same secret is opened again and again.
 */
export function auditedSecretBox(ports: AuditedSecretBoxPorts): SecretBox {
  const { box } = ports;
  const noted = new Map<string, number>();
  return {
    seal: (secret, place) => box.seal(secret, place),
    async open(sealed, place) {
      try {
        return await box.open(sealed, place);
      } catch (error) {
        if (asPlatformError(error).code === 'secret.unreadable') await note(ports, noted, place, error);
        throw error;
      }
    },
  };
}

async function note(
  { audit, ids, clock, report }: AuditedSecretBoxPorts,
  noted: Map<string, number>,
  place: SecretPlace,
  error: unknown,
): Promise<void> {
  const { tenantId, table, column, rowId } = place;
  const resource = `${table}/${rowId}`;
  const name = `${tenantId ?? ''} ${resource} ${column}`;
  const nowMs = clock.monotonicMs();
  const notedAtMs = noted.get(name);
  if (notedAtMs !== undefined && nowMs - notedAtMs < limits.secretFaultEntryMs) return;
  keepNewest(noted, name, nowMs, limits.secretFaultsKnownMax);
  report(place, error);
  if (tenantId === null) return;
  const entryId = ids.next('ent');
  const requestId = ids.next('req');
  const act = { action: 'secret.unreadable', outcome: 'failed', resource, facts: { column } } as const;
  // The caller gets the failure in any case; an audit log that cannot be written now must not hide it.
  await audit.append({ tenantId, entryId, requestId, actorId: 'platform', ...act }).catch(() => noted.delete(name));
}
