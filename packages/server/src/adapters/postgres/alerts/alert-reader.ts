import { uuidOf } from '../../../kernel/ids.ts';
import { pageOf } from '../../../kernel/page.ts';
import type { AlertKind, AlertReader, CreditAlert } from '../../../modules/alerts/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

/** Alerts about credits in PostgreSQL, over a pool of the application's role. */
export function createAlertReader(pool: DatabasePool): AlertReader {
  return {
    async list(id, kind, { after, limit }) {
      const tenantId = uuidOf(id);
      const cursor = after !== null && cursorShape.test(after) ? after : null;
      const statement: Statement<AlertRow> = {
        name: 'list-credit-alerts',
        text: listText,
        values: [tenantId, kind, cursor, limit + 1],
      };
      const { rows } = await whenAvailable(readInTenant(pool, tenantId, statement));
      return pageOf(rows.map(alertOf), limit, ({ alertId }) => alertId);
    },
  };
}

export const alertPorts = (pool: DatabasePool) => ({ alerts: createAlertReader(pool) });

const cursorShape = /^[0-9a-f]{32}$/;

interface AlertRow {
  readonly alert_id: string;
  readonly kind: AlertKind;
  readonly budget_name: string | null;
  readonly facts: CreditAlert['facts'];
  readonly raised_at: Date;
}

const alertOf = (row: AlertRow): CreditAlert => ({
  alertId: row.alert_id.replaceAll('-', ''),
  kind: row.kind,
  budgetName: row.budget_name,
  facts: row.facts,
  raisedAt: row.raised_at,
});

// An alert that was deleted since the page before ends the list.
const listText = `
  select a.alert_id, a.kind, a.budget_name, a.facts, a.raised_at
  from colloquy.credit_alerts a
  where a.tenant_id = $1 and ($2::text is null or a.kind = $2)
    and ($3::uuid is null or (a.raised_at, a.alert_id) < (
      select b.raised_at, b.alert_id from colloquy.credit_alerts b where b.tenant_id = $1 and b.alert_id = $3))
  order by a.raised_at desc, a.alert_id desc limit $4`;
