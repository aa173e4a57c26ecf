import { idOf } from '../../../kernel/ids.ts';
import type { BreakerCause, BreakerStatus } from '../../../modules/routing/index.ts';

/** A breaker as every statement shows it from `colloquy.instance_breakers b`. */
export const breakerColumns = `b.tenant_id, b.instance_id, b.cause, b.failures,
  extract(epoch from b.open_until - colloquy.now_utc())::float8 * 1000 as open_for_ms`;

export interface BreakerRow {
  readonly tenant_id: string;
  readonly instance_id: string;
  readonly cause: BreakerCause;
  readonly failures: number;
  readonly open_for_ms: number | null;
}

export function statusOf(row: BreakerRow): BreakerStatus {
  const { tenant_id, instance_id, cause, failures, open_for_ms: openForMs } = row;
  return { tenantId: idOf('tnt', tenant_id), instanceId: idOf('ins', instance_id), cause, failures, openForMs };
}
