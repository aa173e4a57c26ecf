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
 * was used with another amount, and `request.invalid` for a grant id that is no UUID.
 */
export function grantCredits(deps: { readonly ledger: CreditLedgerStore; readonly ids: IdSource }) {
  return async (caller: Caller, input: GrantCreditsInput): Promise<GrantedCredits> => {
    const { amountMicrocredits } = input;
    if (amountMicrocredits < 1n || amountMicrocredits > amountMax) throw new PlatformError('credits.amount-invalid');
    const grantId = input.grantId === null ? uuidOf(deps.ids.next('ent')) : grantIdOf(input.grantId);
    const outcome = await deps.ledger.grant(
      { tenantId: caller.tenant.id, grantId, amountMicrocredits, grantedMicrocreditsMax: amountMax },
      auditEntryBy(caller, deps.ids, {
        action: 'credits.granted',
        outcome: 'succeeded',
        resource: `grants/${grantId}`,
        facts: { amountMicrocredits: String(amountMicrocredits) },
      }),
    );
    if (outcome.kind === 'other-amount') throw new PlatformError('credits.grant-conflict');
    if (outcome.kind === 'over-limit') throw overLimit();
    return { grantId, balance: outcome.balance };
  };
}

function grantIdOf(value: string): string {
  if (uuidShape.test(value)) return value.replaceAll('-', '').toLowerCase();
  throw new PlatformError('request.invalid', { violations: [{ field: 'grantId', description: 'must be a UUID' }] });
}

function overLimit(): PlatformError {
  const message = `A tenant can be granted ${limits.amountMicrocreditsMax} micro-credits in all; this grant exceeds it.`;
  return new PlatformError('credits.amount-invalid', { message });
}
