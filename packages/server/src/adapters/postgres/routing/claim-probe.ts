import { uuidOf } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import type { BreakerSubject } from '../../../modules/routing/index.ts';
import type { Statement } from '../statement.ts';

const text = `
update colloquy.instance_breakers set probe_until = colloquy.now_utc() + $3::float8 * interval '1 millisecond'
where tenant_id = $1 and instance_id = $2 and open_until <= colloquy.now_utc()
  and (probe_until is null or probe_until <= colloquy.now_utc())
returning instance_id`;

/** A row for the one process that may let a probe through. */
export function claimProbe({ tenantId, instanceId }: BreakerSubject): Statement {
  return { name: 'claim-probe', text, values: [uuidOf(tenantId), uuidOf(instanceId), limits.breakerProbeMs] };
}
