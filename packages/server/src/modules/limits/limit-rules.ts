import { limits } from '../../kernel/limits.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { TenantLimits } from './known-limits.ts';
import type { EffectiveLimit, LimitSubject, LimitSettings } from './rate-limit.ts';

interface Violation {
  readonly field: string;
  readonly description: string;
}

const principalId = /^[A-Za-z0-9._:-]{1,200}$/;

/** Whether the subject's id is well-formed. */
export function isSubject({ kind, id }: LimitSubject): boolean {
  if (kind === 'tenant') return id === '';
  return kind === 'agent' ? slugProblem(id) === null : principalId.test(id);
}

/** Every violation of a limit's settings, field by field. A client or an agent gets no more than its tenant has. */
export function limitViolations(kind: LimitSubject['kind'], settings: LimitSettings, above: TenantLimits): Violation[] {
  const { requestsPerSecond, burstRequests, sendsPerDay, sendsPerMonth } = settings;
  const isEmpty = Object.values(settings).every((value) => value === null);
  if (isEmpty) return [{ field: '', description: 'must say at least one limit' }];
  const ceiling = kind === 'tenant' ? null : above.tenant;
  const { requestsPerSecondMax, quotaSendsMax } = limits;
  return [
    ...judged('requestsPerSecond', requestsPerSecond, {
      min: 0.001,
      max: requestsPerSecondMax,
      above: ceiling?.perSecond,
    }),
    ...judged('burstRequests', burstRequests, {
      min: 1,
      max: requestsPerSecondMax,
      above: ceiling?.burst,
      isWhole: true,
    }),
    ...judged('sendsPerDay', sendsPerDay, { min: 0, max: quotaSendsMax, above: ceiling?.sendsPerDay, isWhole: true }),
    ...judged('sendsPerMonth', sendsPerMonth, {
      min: 0,
      max: quotaSendsMax,
      above: ceiling?.sendsPerMonth,
      isWhole: true,
    }),
  ];
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  /** The tenant's own bound; absent when it has none. */
  readonly above: EffectiveLimit['sendsPerDay'] | undefined;
  readonly isWhole?: boolean;
}

function judged(field: string, value: number | null, { min, max, above, isWhole }: Bounds): Violation[] {
  if (value === null) return [];
  const what = isWhole === true ? 'an integer' : 'a number';
  const isFit = Number.isFinite(value) && value >= min && value <= max && (isWhole !== true || Number.isInteger(value));
  if (!isFit) return [{ field, description: `must be ${what} from ${min} to ${max}` }];
  if (typeof above === 'number' && value > above)
    return [{ field, description: `must not be above the tenant's own limit, which is ${above}` }];
  return [];
}
