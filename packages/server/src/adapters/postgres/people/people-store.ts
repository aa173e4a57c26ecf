import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { Person } from '../../../modules/access/index.ts';
import type { PeopleStore } from '../../../modules/people/index.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { findPersonCredential } from './find-person-credential.ts';
import { findPersonRights } from './find-person-rights.ts';
import { findSignInClient } from './find-sign-in-client.ts';
import { insertPerson } from './insert-person.ts';
import { listPeople } from './list-people.ts';
import type { PersonRow } from './list-people.ts';
import { putPasswordLink } from './put-password-link.ts';
import { putSignInClient } from './put-sign-in-client.ts';
import { setPersonDisabled } from './set-person-disabled.ts';
import { spendPasswordLink } from './spend-password-link.ts';

/** People in PostgreSQL, over a pool of the application's role. */
export function createPeopleStore(pool: DatabasePool): PeopleStore {
  const changed = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<Row | undefined> => {
    const [{ rows }] = await whenAvailable(inTransaction(pool, { tenantIds: [uuidOf(tenantId)] }, [statement]));
    return rows[0];
  };
  const read = async <Row>(tenantId: TenantId, statement: Statement<Row>): Promise<readonly Row[]> =>
    (await whenAvailable(readInTenant(pool, uuidOf(tenantId), statement))).rows;
  return {
    async create(tenantId, person, entry) {
      const row = await changed(tenantId, insertPerson(tenantId, person, entry));
      if (row === undefined) return null;
      return { ...person, hasPassword: false, createdAt: row.created_at, disabledAt: null };
    },
    list: async (tenantId, page) => (await read(tenantId, listPeople(tenantId, page))).map(personOf),
    async setDisabled(tenantId, personId, isDisabled, entry) {
      return (await changed(tenantId, setPersonDisabled(tenantId, { personId, isDisabled }, entry)))?.known === true;
    },
    putLink: async (tenantId, link, entry) =>
      (await changed(tenantId, putPasswordLink(tenantId, link, entry))) !== undefined,
    spendLink: async (tenantId, link, entry) =>
      (await changed(tenantId, spendPasswordLink(tenantId, link, entry))) !== undefined,
    async findCredential(tenantId, loginName) {
      const [row] = await read(tenantId, findPersonCredential(tenantId, loginName));
      if (row === undefined) return null;
      return { personId: row.person_id, passwordHash: row.password_hash, isDisabled: row.disabled_at !== null };
    },
    putSignInClient: async (tenantId, client, entry) =>
      (await changed(tenantId, putSignInClient(tenantId, client, entry))) !== undefined,
    async findSignInClient(tenantId, clientId) {
      const [row] = await read(tenantId, findSignInClient(tenantId, clientId));
      if (row === undefined) return null;
      return { clientId, redirectUris: row.redirect_uris, isPublic: row.is_public, name: row.name };
    },
    async findRights(tenantId, personId) {
      const [row] = await read(tenantId, findPersonRights(tenantId, personId));
      return row === undefined ? null : { scopes: row.scopes, isDisabled: row.disabled_at !== null };
    },
  };
}

function personOf(row: PersonRow): Person {
  const { person_id: personId, login_name: loginName, scopes, created_at: createdAt, disabled_at: disabledAt } = row;
  return { personId, loginName, scopes, hasPassword: row.has_password, createdAt, disabledAt };
}
