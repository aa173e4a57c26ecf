import { uuidOf } from '../../../kernel/ids.ts';
import type { BreakerSubject } from '../../../modules/routing/index.ts';
import type { Statement } from '../statement.ts';

const text = `
update colloquy.instance_breakers set failures = 0, open_until = null, probe_until = null
where tenant_id = $1 and instance_id = $2 and ($3::boolean or (open_until is null and failures > 0))`;

/** Ends a row of faults. An open breaker is closed only by the answer to its probe. */
export function noteAnswer({ tenantId, instanceId }: BreakerSubject, isProbe: boolean): Statement {
  return { name: 'note-answer', text, values: [uuidOf(tenantId), uuidOf(instanceId), isProbe] };
}
