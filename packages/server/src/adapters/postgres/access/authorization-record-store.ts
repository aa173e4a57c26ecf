import type { AuthorizationRecord, AuthorizationRecordStore } from '../../../modules/access/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement, StatementResult } from '../statement.ts';
import { inTransaction } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';

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

/** Marks a record of the authorization server as used. No row is changed when it is not there or was used already. */
function consumeAuthorizationRecord(model: string, id: string): Statement {
  return {
    name: 'consume-authorization-record',
    text: `
      update colloquy.oidc_records
      set payload = payload || jsonb_build_object('consumed', extract(epoch from colloquy.now_utc())::bigint)
      where model = $1 and record_id = $2 and not (payload ? 'consumed')`,
    values: [model, id],
  };
}

/** A record of the authorization server that has not expired. */
function findAuthorizationRecord(model: string, id: string): Statement<{ readonly payload: AuthorizationRecord }> {
  return {
    name: 'find-authorization-record',
    text: `
      select payload from colloquy.oidc_records
      where model = $1 and record_id = $2 and (expires_at is null or expires_at > colloquy.now_utc())`,
    values: [model, id],
  };
}

/** A session by the id that grants know it by. */
function findSessionRecord(uid: string): Statement<{ readonly payload: AuthorizationRecord }> {
  return {
    name: 'find-session-record',
    text: `
      select payload from colloquy.oidc_records
      where model = 'Session' and payload ->> 'uid' = $1 and expires_at > colloquy.now_utc() limit 1`,
    values: [uid],
  };
}

/** Removes a grant and every record that was issued under it. */
function removeAuthorizationGrant(grantId: string): Statement {
  return {
    name: 'remove-authorization-grant',
    text: `delete from colloquy.oidc_records where grant_id = $1 or (model = 'Grant' and record_id = $1)`,
    values: [grantId],
  };
}

/** Removes a record of the authorization server. */
function removeAuthorizationRecord(model: string, id: string): Statement {
  return {
    name: 'remove-authorization-record',
    text: `delete from colloquy.oidc_records where model = $1 and record_id = $2`,
    values: [model, id],
  };
}

/** Keeps or replaces a record of the authorization server. */
function saveAuthorizationRecord(
  model: string,
  id: string,
  record: AuthorizationRecord,
  lifeSeconds: number | undefined,
): Statement {
  return {
    name: 'save-authorization-record',
    text: `
      insert into colloquy.oidc_records (model, record_id, payload, grant_id, expires_at)
      values ($1, $2, $3, $4, colloquy.now_utc() + $5 * interval '1 second')
      on conflict (model, record_id) do update
      set payload = excluded.payload, grant_id = excluded.grant_id, expires_at = excluded.expires_at`,
    values: [
      model,
      id,
      JSON.stringify(record),
      typeof record['grantId'] === 'string' ? record['grantId'] : null,
      lifeSeconds ?? null,
    ],
  };
}
