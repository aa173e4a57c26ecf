import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { limits } from '../../../kernel/limits.ts';
import { pageOf } from '../../../kernel/page.ts';
import type { LimitStore } from '../../../modules/limits/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { limitOf } from './limit-columns.ts';
import { listLimits } from './list-limits.ts';
import { lockLimits } from './lock-limits.ts';
import { setLimit } from './set-limit.ts';
import { unsetLimit } from './unset-limit.ts';

/** The limits of tenants in PostgreSQL, over a pool of the application's role. */
export function createLimitStore(pool: DatabasePool): LimitStore {
  const read = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> =>
    (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
  return {
    async read(tenantId) {
      const first = { kind: '', id: '' };
      return (await read(tenantId, listLimits(tenantId, first, limits.limitsPerTenantMax + 1))).map(limitOf);
    },
    async list(tenantId, { after, limit }) {
      const [kind = '', id = ''] = after?.split(' ', 2) ?? [];
      const rows = await read(tenantId, listLimits(tenantId, { kind, id }, limit + 1));
      return pageOf(rows.map(limitOf), limit, ({ subject }) => `${subject.kind} ${subject.id}`);
    },
    async set(tenantId, limit, entry) {
      const options = { tenantIds: [uuidOf(tenantId)] };
      const statements = [lockLimits(tenantId), setLimit(tenantId, limit, entry)] as const;
      const [, judged] = await whenAvailable(inTransaction(pool, options, statements));
      return judged.rows[0]?.outcome ?? 'unknown';
    },
    async unset(tenantId, subject, entry) {
      const options = { tenantIds: [uuidOf(tenantId)] };
      const [gone] = await whenAvailable(inTransaction(pool, options, [unsetLimit(tenantId, subject, entry)]));
      return gone.rows.length === 1;
    },
  };
}
