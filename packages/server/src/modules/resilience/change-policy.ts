import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource } from '../../kernel/ids.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { AuditedAct } from '../audit/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { PolicyStore } from './policy-store.ts';
import type { PolicySubject, ResilienceSettings, ConfiguredPolicy } from './resilience-policy.ts';

export interface PolicyPorts {
  readonly policies: PolicyStore;
  readonly ids: IdSource;
}

const cursor = /^[a-z0-9-]{1,63} .{0,256}$/u;

/** The policies that are set in the caller's tenant. Throws `request.invalid` for an invalid cursor. */
export function listPolicies(ports: PolicyPorts) {
  return async (caller: Caller, page: PageRequest): Promise<Page<ConfiguredPolicy>> => {
    if (page.after !== null && !cursor.test(page.after)) {
      throw new PlatformError('request.invalid', { violations: [{ field: 'after', description: 'is no cursor' }] });
    }
    return ports.policies.list(caller.tenant.id, page);
  };
}

/**
 * Replaces the resilience policy of an agent or of one of its skills. Throws `request.invalid` for fallback agents that include the agent itself
 * or a duplicate, `registry.agent-unknown` for the agent or a fallback agent, and `resilience.skill-unknown`.
 */
export function setPolicy(ports: PolicyPorts) {
  return async (caller: Caller, subject: PolicySubject, settings: ResilienceSettings): Promise<ResilienceSettings> => {
    if (slugProblem(subject.agentName) !== null) throw new PlatformError('registry.agent-unknown');
    const violations = fallbackViolations(subject, settings.fallback ?? []);
    if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
    const entry = auditEntryBy(caller, ports.ids, changeOf(subject, 'resilience.set', factsOf(settings)));
    const outcome = await ports.policies.set(caller.tenant.id, subject, settings, entry);
    if (outcome === 'agent-unknown') throw new PlatformError('registry.agent-unknown');
    if (outcome === 'skill-unknown') throw new PlatformError('resilience.skill-unknown');
    return settings;
  };
}

/** Removes a policy. Throws `resilience.unknown`. */
export function unsetPolicy(ports: PolicyPorts) {
  return async (caller: Caller, subject: PolicySubject): Promise<void> => {
    if (slugProblem(subject.agentName) !== null) throw new PlatformError('resilience.unknown');
    const entry = auditEntryBy(caller, ports.ids, changeOf(subject, 'resilience.unset', {}));
    if (!(await ports.policies.unset(caller.tenant.id, subject, entry))) throw new PlatformError('resilience.unknown');
  };
}

function fallbackViolations({ agentName }: PolicySubject, fallback: readonly string[]) {
  return fallback.flatMap((name, at) => {
    const field = `fallback[${at}]`;
    if (slugProblem(name) !== null) return [{ field, description: 'is no name of an agent' }];
    if (name === agentName) return [{ field, description: 'leads back to the agent itself' }];
    return fallback.indexOf(name) < at ? [{ field, description: 'is named twice' }] : [];
  });
}

function changeOf(
  { agentName, skillId }: PolicySubject,
  action: 'resilience.set' | 'resilience.unset',
  facts: AuditedAct['facts'],
): AuditedAct {
  const resource = `agents/${agentName}${skillId === null ? '' : `/skills/${skillId}`}`;
  return { action, outcome: 'succeeded', resource, facts };
}

function factsOf(settings: ResilienceSettings): AuditedAct['facts'] {
  const said = Object.entries(settings).filter(([, value]) => value !== null);
  return Object.fromEntries(said.map(([name, value]) => [name, String(value)]));
}
