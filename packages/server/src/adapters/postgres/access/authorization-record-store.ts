import type { AuthorizationRecordStore } from '../../../modules/access/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement, StatementResult } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { consumeAuthorizationRecord } from './consume-authorization-record.ts';
import { findAuthorizationRecord } from './find-authorization-record.ts';
import { findSessionRecord } from './find-session-record.ts';
import { removeAuthorizationGrant } from './remove-authorization-grant.ts';
import { removeAuthorizationRecord } from './remove-authorization-record.ts';
import { saveAuthorizationRecord } from './save-authorization-record.ts';

/** Records of the authorization server in PostgreSQL, over a pool of the application's role. No tenant owns them. */
export function createAuthorizationRecordStore(pool: DatabasePool): AuthorizationRecordStore {
  const run = async <Row>(statement: Statement<Row>): Promise<StatementResult<Row>> =>
    (await whenAvailable(inTransaction(pool, { tenantIds: [] }, [statement])))[0];
  return {
    async save(model, id, record, lifeSeconds) {
      await run(saveAuthorizationRecord(model, id, record, lifeSeconds));
    },
    async find(model, id) {
      return (await run(findAuthorizationRecord(model, id))).rows[0]?.payload ?? null;
    },
    async findSession(uid) {
      return (await run(findSessionRecord(uid))).rows[0]?.payload ?? null;
    },
    async consume(model, id) {
      return (await run(consumeAuthorizationRecord(model, id))).rowCount > 0;
    },
    async remove(model, id) {
      await run(removeAuthorizationRecord(model, id));
    },
    async removeGrant(grantId) {
      await run(removeAuthorizationGrant(grantId));
    },
  };
}
