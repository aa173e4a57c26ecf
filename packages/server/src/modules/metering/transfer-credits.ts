import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { uuidOf } from '../../kernel/ids.ts';
import type { IdSource } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { AuditAction, NewAuditEntry } from '../audit/index.ts';
import type { TenantStore } from '../tenancy/index.ts';
import type { CreditBalance } from './credit-ledger.ts';
import type { CreditLedgerStore } from './credit-ledger-store.ts';
import { creditIdOf, overLimit } from './grant-credits.ts';

export interface TransferCreditsInput {
  /** Slug of the tenant that receives. */
  readonly to: string;
  readonly amountMicrocredits: bigint;
  /** A UUID of the caller's choice, dashes optional: sending the transfer again with it transfers once. Null: never retried. */
  readonly transferId: string | null;
}

export interface TransferredCredits {
  /** 32 hex digits. */
  readonly transferId: string;
  /** Of the tenant that gives, as it is now. */
  readonly balance: CreditBalance;
}

interface TransferPorts {
  readonly ledger: CreditLedgerStore;
  readonly tenants: Pick<TenantStore, 'find'>;
  readonly ids: IdSource;
}

const amountMax = BigInt(limits.amountMicrocreditsMax);

/**
 * Moves available credits of the caller's tenant to another one, where they never expire. Throws `credits.amount-invalid`, `credits.insufficient`,
 * `credits.transfer-conflict` when the transfer id was used with another amount or tenant, `tenancy.tenant-unknown`, and `request.invalid` for a
 * transfer id that is no UUID or a transfer to the same tenant.
 */
export function transferCredits({ ledger, tenants, ids }: TransferPorts) {
  return async (caller: Caller, input: TransferCreditsInput): Promise<TransferredCredits> => {
    const { to, amountMicrocredits } = input;
    if (amountMicrocredits < 1n || amountMicrocredits > amountMax) throw new PlatformError('credits.amount-invalid');
    const transferId = input.transferId === null ? uuidOf(ids.next('ent')) : creditIdOf(input.transferId, 'transferId');
    if (to === caller.tenant.slug) {
      const violations = [{ field: 'to', description: 'must be another tenant' }];
      throw new PlatformError('request.invalid', { violations });
    }
    const target = await tenants.find(to);
    if (target === null) throw new PlatformError('tenancy.tenant-unknown');
    // Neither names the other tenant: an operator finds both by the id of the transfer.
    const act = (action: AuditAction): NewAuditEntry =>
      auditEntryBy(caller, ids, {
        action,
        outcome: 'succeeded',
        resource: `transfers/${transferId}`,
        facts: { amountMicrocredits: String(amountMicrocredits) },
      });
    const outcome = await ledger.transfer(
      {
        fromTenantId: caller.tenant.id,
        toTenantId: target.id,
        transferId,
        amountMicrocredits,
        grantedMicrocreditsMax: amountMax,
      },
      { out: act('credits.transferred-out'), in: { ...act('credits.transferred-in'), tenantId: target.id } },
    );
    if (outcome.kind === 'other-transfer') throw new PlatformError('credits.transfer-conflict');
    if (outcome.kind === 'over-limit') throw overLimit();
    if (outcome.kind === 'insufficient') {
      const details = {
        neededMicrocredits: String(amountMicrocredits),
        availableMicrocredits: String(outcome.availableMicrocredits),
      };
      throw new PlatformError('credits.insufficient', { details });
    }
    return { transferId, balance: outcome.balance };
  };
}
