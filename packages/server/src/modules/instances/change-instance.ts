import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { AuditAction, AuditFacts, NewAuditEntry } from '../audit/index.ts';
import { addressOf, getInstance } from './find-instance.ts';
import { oneLine, settingViolations } from './instance-rules.ts';
import type { AdmissionChange, InstanceChange, InstanceStore } from './instance-store.ts';
import type { RegisteredInstance } from './instance.ts';

export interface InstanceChangePorts {
  readonly instances: InstanceStore;
  readonly ids: IdSource;
}

/** An instance, by its agent and its id. */
export interface InstanceName {
  readonly agentName: string;
  readonly instanceId: string;
}

/** Changes the settings and the weight of an instance. Throws `request.invalid` and `registry.instance-unknown`. */
export function changeInstance(ports: InstanceChangePorts) {
  return async (
    caller: Caller,
    { agentName, instanceId }: InstanceName,
    change: InstanceChange,
  ): Promise<RegisteredInstance> => {
    const { version = null, region = null, slotsMax = null } = change;
    const violations = settingViolations({ version, region, slotsMax });
    if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
    const facts = Object.fromEntries(Object.entries(change).map(([name, value]) => [name, String(value)]));
    const entry = entryOf(ports, caller, instanceId)('instance.changed', facts);
    const wasThere = await ports.instances.change(addressOf(caller, agentName, instanceId), change, entry);
    if (!wasThere) throw new PlatformError('registry.instance-unknown');
    return getInstance(ports)(caller, agentName, instanceId);
  };
}

/** A requested change of admission. */
export type AdmissionRequest = 'drain' | 'undrain' | 'quarantine' | 'release';

const changes: Readonly<
  Record<AdmissionRequest, Pick<AdmissionChange, 'state' | 'from'> & { readonly action: AuditAction }>
> = {
  drain: { state: 'draining', from: ['active', 'draining'], action: 'instance.drained' },
  undrain: { state: 'active', from: ['active', 'draining'], action: 'instance.admitted' },
  quarantine: { state: 'quarantined', from: ['active', 'draining', 'quarantined'], action: 'instance.quarantined' },
  release: { state: 'active', from: ['active', 'quarantined', 'draining'], action: 'instance.admitted' },
};

/**
 * Changes whether an instance takes new tasks; its open tasks go on. A quarantine needs a reason, and only `release` ends it. Throws
 * `request.invalid`, `registry.instance-unknown` and `registry.instance-quarantined`.
 */
export function admitInstance(ports: InstanceChangePorts) {
  return async (
    caller: Caller,
    { agentName, instanceId }: InstanceName,
    request: AdmissionRequest,
    given: string | null,
  ): Promise<RegisteredInstance> => {
    const reason = given === null ? null : oneLine(given);
    if (reason === '' || (reason === null && request === 'quarantine')) {
      const violations = [{ field: 'reason', description: 'must say why' }];
      throw new PlatformError('request.invalid', { violations });
    }
    const { state, from, action } = changes[request];
    const entry = entryOf(ports, caller, instanceId)(action, reason === null ? {} : { reason });
    const change = { state, from, reason, by: caller.principal.id };
    const had = await ports.instances.admit(addressOf(caller, agentName, instanceId), change, entry);
    if (had === null) throw new PlatformError('registry.instance-unknown');
    if (!from.includes(had.before)) throw new PlatformError('registry.instance-quarantined');
    return getInstance(ports)(caller, agentName, instanceId);
  };
}

/** Removes an instance, however it was registered. It takes no new task, and its open tasks go on. Throws `registry.instance-unknown`. */
export function removeInstance(ports: InstanceChangePorts) {
  return (caller: Caller, name: InstanceName): Promise<void> => remove(ports, caller, name, null);
}

/** An instance that registered itself leaves. Throws `registry.instance-unknown`, also for one that another principal registered. */
export function leaveInstance(ports: InstanceChangePorts) {
  return (caller: Caller, name: InstanceName): Promise<void> => remove(ports, caller, name, caller.principal.id);
}

async function remove(
  ports: InstanceChangePorts,
  caller: Caller,
  { agentName, instanceId }: InstanceName,
  owner: string | null,
): Promise<void> {
  const entry = entryOf(ports, caller, instanceId)('instance.removed', {});
  const wasThere = await ports.instances.remove(addressOf(caller, agentName, instanceId), owner, entry);
  if (!wasThere) throw new PlatformError('registry.instance-unknown');
}

function entryOf({ ids }: InstanceChangePorts, caller: Caller, instanceId: string) {
  return (action: AuditAction, facts: AuditFacts): NewAuditEntry =>
    auditEntryBy(caller, ids, { action, outcome: 'succeeded', resource: `instances/${instanceId}`, facts });
}
