import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { uuidOf } from '../../kernel/ids.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { CreditBalance } from './credit-ledger.ts';
import type { CreditLedgerStore } from './credit-ledger-store.ts';

export interface GrantCreditsInput {
  readonly amountMicrocredits: bigint;
  /** A UUID of the caller's choice, dashes optional: sending the grant again with it grants once. Null: never retried. */
  readonly grantId: string | null;
  /** What is left of it then expires; absent: never. */
  readonly expiresAt?: Date;
}

export interface GrantedCredits {
  /** 32 hex digits. */
  readonly grantId: string;
  /** As it is now, after the grant. */
  readonly balance: CreditBalance;
}

const amountMax = BigInt(limits.amountMicrocreditsMax);
const uuidShape = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/**
 * Adds credits to the wallet of the caller's tenant. Throws `credits.amount-invalid`, `credits.grant-conflict` when the grant id
 * was used with another amount or expiry, `credits.too-many-grants`, and `request.invalid` for a grant id that is no UUID or an expiry that is past.
 */
export function grantCredits(deps: { readonly ledger: CreditLedgerStore; readonly ids: IdSource }) {
  return async (caller: Caller, input: GrantCreditsInput): Promise<GrantedCredits> => {
    const { amountMicrocredits, expiresAt = null } = input;
    if (amountMicrocredits < 1n || amountMicrocredits > amountMax) throw new PlatformError('credits.amount-invalid');
    const grantId = input.grantId === null ? uuidOf(deps.ids.next('ent')) : creditIdOf(input.grantId, 'grantId');
    const outcome = await deps.ledger.grant(
      {
        tenantId: caller.tenant.id,
        grantId,
        amountMicrocredits,
        grantedMicrocreditsMax: amountMax,
        expiresAt,
        expiringMax: limits.creditGrantsExpiringMax,
      },
      auditEntryBy(caller, deps.ids, {
        action: 'credits.granted',
        outcome: 'succeeded',
        resource: `grants/${grantId}`,
        facts: {
          amountMicrocredits: String(amountMicrocredits),
          ...(expiresAt === null ? {} : { expiresAt: expiresAt.toISOString() }),
        },
      }),
    );
    if (outcome.kind === 'other-grant') throw new PlatformError('credits.grant-conflict');
    if (outcome.kind === 'past') throw invalid('expiresAt', 'must be later than now');
    if (outcome.kind === 'too-many') throw new PlatformError('credits.too-many-grants');
    if (outcome.kind === 'over-limit') throw overLimit();
    return { grantId, balance: outcome.balance };
  };
}

/** The 32 digits of a UUID that a caller chose. Throws `request.invalid` with the name of the field. */
export function creditIdOf(value: string, field: string): string {
  if (uuidShape.test(value)) return value.replaceAll('-', '').toLowerCase();
  throw invalid(field, 'must be a UUID');
}

function invalid(field: string, description: string): PlatformError {
  return new PlatformError('request.invalid', { violations: [{ field, description }] });
}

export function overLimit(): PlatformError {
  const message = `A tenant can be granted ${limits.amountMicrocreditsMax} micro-credits in all; this grant exceeds it.`;
  return new PlatformError('credits.amount-invalid', { message });
}
