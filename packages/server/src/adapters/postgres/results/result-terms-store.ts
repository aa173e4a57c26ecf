import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import { pageOf } from '../../../kernel/page.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { ResultSubject, ResultTerms, ResultTermsStore, SetTermsOutcome } from '../../../modules/results/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { changeResultTerms } from './change-result-terms.ts';
import { listResultTerms } from './list-result-terms.ts';
import { readResultTerms } from './read-result-terms.ts';
import { keptTermsOf, setTermsOf } from './terms-columns.ts';
import { unsetResultTerms } from './unset-result-terms.ts';

/** The terms of results in PostgreSQL, over a pool of the application's role. */
export function createResultTermsStore(pool: DatabasePool): ResultTermsStore {
  const read = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> =>
    (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
  const change = async (
    tenantId: TenantId,
    wish: { readonly subject: ResultSubject; readonly terms: ResultTerms | null },
    entry: NewAuditEntry,
  ): Promise<SetTermsOutcome> => {
    const statement = changeResultTerms(tenantId, wish, entry);
    const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
    return rows[0]?.outcome ?? 'unknown';
  };
  return {
    read: async (tenantId) => (await read(tenantId, readResultTerms(tenantId))).map(keptTermsOf),
    async list(tenantId, { after, limit }) {
      const at = after?.indexOf(' ') ?? -1;
      const place = { agentName: after?.slice(0, at) ?? '', skillId: after?.slice(at + 1) ?? '' };
      const rows = await read(tenantId, listResultTerms(tenantId, place, limit + 1));
      return pageOf(rows.map(setTermsOf), limit, ({ subject }) => `${subject.agentName} ${subject.skillId ?? ''}`);
    },
    set: change,
    async unset(tenantId, subject, entry) {
      const statement = unsetResultTerms(tenantId, subject, entry);
      const [gone] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
      return gone.rows.length === 1;
    },
    purge: (tenantId, subject, entry) => change(tenantId, { subject, terms: null }, entry),
  };
}
