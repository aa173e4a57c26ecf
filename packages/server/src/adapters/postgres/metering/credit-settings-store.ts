import { uuidOf } from '../../../kernel/ids.ts';
import type { CreditSettings, CreditSettingsStore } from '../../../modules/metering/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** Settings of credits in PostgreSQL, over a pool of the application's role. */
export function createCreditSettingsStore(pool: DatabasePool): CreditSettingsStore {
  return {
    async find(tenantId) {
      const statement: Statement<SettingsRow> = {
        name: 'find-credit-settings',
        text: findText,
        values: [uuidOf(tenantId)],
      };
      const { rows } = await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement));
      return rows[0] === undefined ? null : settingsOf(rows[0]);
    },
    async set(settings, entry) {
      const tenantId = uuidOf(entry.tenantId);
      const { overagePolicy, overageMaxMicrocredits, unknownPriceMicrocredits, lowCreditMicrocredits } = settings;
      const values = [
        tenantId,
        overagePolicy,
        overageMaxMicrocredits,
        unknownPriceMicrocredits,
        lowCreditMicrocredits,
        ...auditEntryValues(entry),
      ];
      const statement: Statement = { name: 'set-credit-settings', text: setText, values };
      await whenAvailable(inTransaction(pool, { tenantIds: [tenantId] }, [statement]));
    },
  };
}

export const creditSettingsPorts = (pool: DatabasePool) => ({ creditSettings: createCreditSettingsStore(pool) });

interface SettingsRow {
  readonly overage_policy: CreditSettings['overagePolicy'];
  readonly overage_max_microcredits: bigint;
  readonly unknown_price_microcredits: bigint;
  readonly low_credit_microcredits: bigint | null;
}

function settingsOf(row: SettingsRow): CreditSettings {
  return {
    overagePolicy: row.overage_policy,
    overageMaxMicrocredits: row.overage_max_microcredits,
    unknownPriceMicrocredits: row.unknown_price_microcredits,
    lowCreditMicrocredits: row.low_credit_microcredits,
  };
}

const findText = `
  select overage_policy, overage_max_microcredits, unknown_price_microcredits, low_credit_microcredits
  from colloquy.credit_settings where tenant_id = $1`;

const setText = `
  with chosen as (
    insert into colloquy.credit_settings (tenant_id, overage_policy, overage_max_microcredits, unknown_price_microcredits,
      low_credit_microcredits, changed_by)
    values ($1::uuid, $2, $3::bigint, $4::bigint, $5::bigint, $7)
    on conflict (tenant_id) do update set overage_policy = excluded.overage_policy,
      overage_max_microcredits = excluded.overage_max_microcredits,
      unknown_price_microcredits = excluded.unknown_price_microcredits,
      low_credit_microcredits = excluded.low_credit_microcredits,
      changed_by = excluded.changed_by, changed_at = colloquy.now_utc()
    returning tenant_id
  )
  insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
  select tenant_id, $6::uuid, $7, $8, $9, $10, $11, $12::jsonb from chosen`;
