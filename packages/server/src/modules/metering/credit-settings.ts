import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { NewAuditEntry } from '../audit/index.ts';

/** How a tenant's credits are charged. */
export interface CreditSettings {
  /** `cap`: a task never costs more than was reserved for it. `debit`: the rest is charged, and owed when the wallet is empty. */
  readonly overagePolicy: 'cap' | 'debit';
  /** The most that the tenant may owe. */
  readonly overageMaxMicrocredits: bigint;
  /** Reserved in place of a price, or a part of it, that cannot be computed; at least 1. */
  readonly unknownPriceMicrocredits: bigint;
  /** An alert is raised when less is available; null for none. */
  readonly lowCreditMicrocredits: bigint | null;
}

/** The settings of a tenant that has set none. */
export const defaultCreditSettings: CreditSettings = {
  overagePolicy: 'cap',
  overageMaxMicrocredits: 0n,
  unknownPriceMicrocredits: BigInt(limits.unknownPriceMicrocreditsDefault),
  lowCreditMicrocredits: null,
};

/** The settings of tenants. Every method rejects with `platform.unavailable` while the database is away. */
export interface CreditSettingsStore {
  /** Null: the tenant has set none. */
  find(tenantId: TenantId): Promise<CreditSettings | null>;
  /** Replaces the settings, with the entry in the same transaction. */
  set(settings: CreditSettings, entry: NewAuditEntry): Promise<void>;
}

interface CreditSettingsPorts {
  readonly creditSettings: CreditSettingsStore;
  readonly ids: IdSource;
}

const amountMax = BigInt(limits.amountMicrocreditsMax);

/** The settings of the caller's tenant, or the defaults. */
export function readCreditSettings({ creditSettings }: Pick<CreditSettingsPorts, 'creditSettings'>) {
  return async (caller: Caller): Promise<CreditSettings> =>
    (await creditSettings.find(caller.tenant.id)) ?? defaultCreditSettings;
}

/** Sets the settings of the caller's tenant; what is not given gets its default. Throws `credits.amount-invalid`. */
export function setCreditSettings({ creditSettings, ids }: CreditSettingsPorts) {
  return async (caller: Caller, given: Partial<CreditSettings>): Promise<CreditSettings> => {
    const settings = { ...defaultCreditSettings, ...given };
    const { overageMaxMicrocredits, unknownPriceMicrocredits, lowCreditMicrocredits } = settings;
    const isValid =
      isWithin(overageMaxMicrocredits, 0n) &&
      isWithin(unknownPriceMicrocredits, 1n) &&
      (lowCreditMicrocredits === null || isWithin(lowCreditMicrocredits, 1n));
    if (!isValid) throw new PlatformError('credits.amount-invalid');
    const act = {
      action: 'credits.settings-changed',
      outcome: 'succeeded',
      resource: 'credits/settings',
      facts: {
        overagePolicy: settings.overagePolicy,
        overageMaxMicrocredits: String(overageMaxMicrocredits),
        unknownPriceMicrocredits: String(unknownPriceMicrocredits),
        lowCreditMicrocredits: lowCreditMicrocredits === null ? 'none' : String(lowCreditMicrocredits),
      },
    } as const;
    await creditSettings.set(settings, auditEntryBy(caller, ids, act));
    return settings;
  };
}

function isWithin(amount: bigint, least: bigint): boolean {
  return amount >= least && amount <= amountMax;
}
