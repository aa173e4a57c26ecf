import { uuidOf } from '../../../kernel/ids.ts';
import type { TenantId } from '../../../kernel/ids.ts';
import type { PageRequest } from '../../../kernel/page.ts';
import type { Person } from '../../../modules/access/index.ts';
import type { NewAuditEntry } from '../../../modules/audit/index.ts';
import type { PeopleStore, SignInClient } from '../../../modules/people/index.ts';
import { auditEntryValues } from '../audit-entry-values.ts';
import type { DatabasePool } from '../pool.ts';
import type { Statement } from '../statement.ts';
import { inTransaction, readInTenant } from '../transaction.ts';
import { whenAvailable } from '../when-available.ts';
import { insertPerson } from './insert-person.ts';
import { putPasswordLink } from './put-password-link.ts';
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

export const peoplePorts = (pool: DatabasePool) => ({ people: createPeopleStore(pool) });

function personOf(row: PersonRow): Person {
  const { person_id: personId, login_name: loginName, scopes, created_at: createdAt, disabled_at: disabledAt } = row;
  return { personId, loginName, scopes, hasPassword: row.has_password, createdAt, disabledAt };
}

interface PersonCredentialRow {
  readonly person_id: string;
  readonly password_hash: string | null;
  readonly disabled_at: Date | null;
}

/** The credential of the person with a login name. */
function findPersonCredential(tenantId: TenantId, loginName: string): Statement<PersonCredentialRow> {
  return {
    name: 'find-person-credential',
    text: `select person_id, password_hash, disabled_at from colloquy.people where tenant_id = $1 and login_name = $2`,
    values: [uuidOf(tenantId), loginName],
  };
}

/** The scopes of a person of a tenant. */
function findPersonRights(
  tenantId: TenantId,
  personId: string,
): Statement<{ readonly scopes: readonly string[]; readonly disabled_at: Date | null }> {
  return {
    name: 'find-person-rights',
    text: `select scopes, disabled_at from colloquy.people where tenant_id = $1 and person_id = $2`,
    values: [uuidOf(tenantId), personId],
  };
}

interface SignInClientRow {
  readonly redirect_uris: readonly string[];
  readonly is_public: boolean;
  readonly name: string;
}

/** Where a client may send people back to. */
function findSignInClient(tenantId: TenantId, clientId: string): Statement<SignInClientRow> {
  return {
    name: 'find-sign-in-client',
    text: `
      select s.redirect_uris, s.is_public, c.name
      from colloquy.sign_in_clients s
      join colloquy.oauth_clients c on c.tenant_id = s.tenant_id and c.client_id = s.client_id
      where s.tenant_id = $1 and s.client_id = $2`,
    values: [uuidOf(tenantId), clientId],
  };
}

interface PersonRow {
  readonly person_id: string;
  readonly login_name: string;
  readonly scopes: readonly string[];
  readonly has_password: boolean;
  readonly created_at: Date;
  readonly disabled_at: Date | null;
}

/** A tenant's people after a person's id, in the order of ids. */
function listPeople(tenantId: TenantId, page: PageRequest): Statement<PersonRow> {
  return {
    name: 'list-people',
    text: `
      select person_id, login_name, scopes, password_hash is not null as has_password, created_at, disabled_at
      from colloquy.people where tenant_id = $1 and person_id > $2 order by person_id limit $3`,
    values: [uuidOf(tenantId), page.after ?? '', page.limit],
  };
}

/** Sets the redirect addresses of a client, with the audit entry. No row when the tenant has no such active client. */
function putSignInClient(
  tenantId: TenantId,
  { clientId, redirectUris, isPublic }: SignInClient,
  entry: NewAuditEntry,
): Statement<{ readonly client_id: string }> {
  return {
    name: 'put-sign-in-client',
    text: `
      with put as (
        insert into colloquy.sign_in_clients (tenant_id, client_id, redirect_uris, is_public)
        select tenant_id, client_id, $3, $4 from colloquy.oauth_clients
        where tenant_id = $1 and client_id = $2 and revoked_at is null and kind = 'oauth-client'
        on conflict (tenant_id, client_id) do update
        set redirect_uris = excluded.redirect_uris, is_public = excluded.is_public
        returning client_id
      ), noted as (
        insert into colloquy.audit_entries (tenant_id, entry_id, actor_id, action, outcome, resource, request_id, facts)
        select $1, $5, $6, $7, $8, $9, $10, $11 from put
      )
      select client_id from put`,
    values: [uuidOf(tenantId), clientId, redirectUris, isPublic, ...auditEntryValues(entry)],
  };
}
