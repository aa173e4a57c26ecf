import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { addressOf } from './find-instance.ts';
import { isSameReport, reportOf } from './health-rules.ts';
import type { HealthStore, RenewedLease } from './health-store.ts';
import type { Dependency, ReportedState } from './health.ts';
import { oneLine } from './instance-rules.ts';
import { judgeInstance } from './judge-instance.ts';
import type { InstanceName } from './change-instance.ts';

/** A heartbeat with the instance's health report. */
export interface Heartbeat {
  readonly state: ReportedState;
  readonly reason: string | null;
  readonly dependencies: readonly Dependency[];
}

/**
 * Renews the lease of an instance that the caller registered, by the database's time. A changed report is judged, and an expired lease is in
 * force again. Throws `registry.instance-unknown`, also for an instance that another principal registered.
 */
export function renewInstance({ health }: { readonly health: HealthStore }) {
  return async (
    caller: Caller,
    { agentName, instanceId }: InstanceName,
    heartbeat: Heartbeat,
  ): Promise<Omit<RenewedLease, 'facts'>> => {
    const address = addressOf(caller, agentName, instanceId);
    const renewed = await health.renew(address, caller.principal.id);
    if (renewed === null) throw new PlatformError('registry.instance-unknown');
    const { facts, ...lease } = renewed;
    const report = reportOf(
      { state: heartbeat.state, reason: sentence(heartbeat.reason) },
      heartbeat.dependencies.map((one) => ({ ...one, name: oneLine(one.name), reason: sentence(one.reason) })),
    );
    if (!isSameReport(facts.report, report) || facts.health.reason === 'lease.lapsed')
      await judgeInstance(health, address, facts, () => ({ report }));
    return lease;
  };
}

function sentence(text: string | null): string | null {
  return text === null || oneLine(text) === '' ? null : oneLine(text);
}
