import { limits } from '../../../kernel/limits.ts';
import type { Statement } from '../statement.ts';
import { breakerColumns } from './breaker-columns.ts';
import type { BreakerRow } from './breaker-columns.ts';

const text = `
select ${breakerColumns} from colloquy.instance_breakers b
where b.failures > 0 or b.open_until is not null
order by b.failed_at desc limit $1`;

/** Breakers with faults in a row, of every tenant, those that failed last first. */
export function listBreakers(): Statement<BreakerRow> {
  return { name: 'list-breakers', text, values: [limits.observedInstancesMax] };
}
