import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { AuditedAct, NewAuditEntry, PersonalFactPorts } from '../audit/index.ts';
import { assertAgentExists, assertPrincipal } from './named-subjects.ts';
import type { SubjectPorts } from './named-subjects.ts';
import type { Suspension, SuspensionTarget } from './suspension.ts';
import type { SuspensionStore } from './suspension-store.ts';

export interface SuspensionPorts extends SubjectPorts {
  readonly suspensions: SuspensionStore;
  readonly ids: IdSource;
}

const reasonCharsMax = 500;

/**
 * Suspends an agent or a principal of the caller's tenant, or the tenant itself: no new request from it or for it is accepted, its
 * running tasks are canceled, its streams and deliveries end, and it gets no tokens. Repeating it changes nothing. Throws `request.invalid`,
 * `registry.agent-unknown` and `access.client-unknown`.
 */
export function suspend(ports: SuspensionPorts & PersonalFactPorts) {
  return async (caller: Caller, target: SuspensionTarget, reason: string): Promise<Suspension> => {
    assertReason(reason);
    await refuseSelf(ports, caller, target);
    if (target.kind === 'agent') await assertAgentExists(ports, caller, target.name);
    if (target.kind === 'principal') await assertPrincipal(ports, caller, target.name);
    const subjectId = target.kind === 'principal' ? target.name : resourceOf(caller, target);
    const facts = await ports.personal.seal(caller.tenant.id, subjectId, { reason });
    const entry = entryOf(ports, caller, target, { action: `${target.kind}.stopped`, facts });
    return ports.suspensions.set(caller.tenant.id, { ...target, reason, suspendedBy: caller.principal.id }, entry);
  };
}

/** Lifts a suspension. Canceled tasks stay canceled. Throws `access.stop-unknown` for a target that is not suspended. */
export function liftSuspension(ports: Pick<SuspensionPorts, 'suspensions' | 'ids'>) {
  return async (caller: Caller, target: SuspensionTarget): Promise<void> => {
    const entry = entryOf(ports, caller, target, { action: `${target.kind}.resumed`, facts: {} });
    const isLifted = await ports.suspensions.lift(caller.tenant.id, target, entry);
    if (!isLifted) throw new PlatformError('access.stop-unknown');
  };
}

function entryOf(
  { ids }: Pick<SuspensionPorts, 'ids'>,
  caller: Caller,
  target: SuspensionTarget,
  act: Pick<AuditedAct, 'action' | 'facts'>,
): NewAuditEntry {
  return auditEntryBy(caller, ids, { ...act, outcome: 'succeeded', resource: resourceOf(caller, target) });
}

const resourceOf = ({ tenant }: Caller, { kind, name }: SuspensionTarget): string =>
  kind === 'tenant' ? `tenants/${tenant.slug}` : `${kind}s/${name}`;

function assertReason(reason: string): void {
  const length = reason.trim().length;
  if (length > 0 && reason.length <= reasonCharsMax && !reason.includes('\0')) return;
  const description = `must say why, in 1 to ${reasonCharsMax} characters`;
  throw new PlatformError('request.invalid', { violations: [{ field: 'reason', description }] });
}

/** A caller cannot suspend itself, because it could not lift the suspension. */
async function refuseSelf(
  { clients }: SuspensionPorts,
  caller: Caller,
  { kind, name }: SuspensionTarget,
): Promise<void> {
  const { principal, tenant } = caller;
  const isSelf =
    kind === 'principal'
      ? name === principal.id
      : kind === 'tenant' && (await clients.find(principal.id))?.tenant.id === tenant.id;
  if (!isSelf) return;
  const description = 'would suspend the caller itself; another caller has to do it';
  throw new PlatformError('request.invalid', { violations: [{ field: kind, description }] });
}
