import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { IdSource, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { pageOf } from '../../kernel/page.ts';
import type { Page, PageRequest } from '../../kernel/page.ts';
import type { Random } from '../../kernel/random.ts';
import type { ClientSecretHasher, Person } from '../access/index.ts';
import { refuseEscalation, scopeViolations } from '../access/index.ts';
import { auditEntryBy } from '../audit/index.ts';
import type { AuditedAct, NewAuditEntry } from '../audit/index.ts';
import type { PeopleStore } from './people-store.ts';

export interface PeoplePorts {
  readonly people: PeopleStore;
  readonly secrets: ClientSecretHasher;
  readonly random: Random;
  readonly ids: IdSource;
}

export interface CreatePersonInput {
  readonly tenantId: TenantId;
  readonly loginName: string;
  readonly scopes: readonly string[];
}

/** The token of a person's password link: it is part of the address of the page that sets a password. Shown once. */
export interface PasswordLink {
  readonly token: string;
  readonly lifeMs: number;
}

const loginNameShape = /^[a-z0-9](?:[a-z0-9._@+-]{0,98}[a-z0-9])?$/;
const secretBytes = 32;
const escalation = 'A person can be given only scopes that the access token of their creator carries.';
const linkEscalation = 'A link can be made only for a person with no scope that the access token of the caller lacks.';

/**
 * Creates a person of a tenant, with a link for their first password. Throws `request.invalid`, `people.person-exists`, and
 * `access.scope-missing` for a scope that the caller does not hold itself, unless it is an operator.
 */
export function createPerson(ports: PeoplePorts) {
  return async (
    caller: Caller,
    input: CreatePersonInput,
  ): Promise<{ readonly person: Person; readonly link: PasswordLink }> => {
    const scopes = [...new Set(input.scopes)];
    assertFits(input.loginName, scopes);
    refuseEscalation(caller, scopes, escalation);
    const { tenantId, loginName } = input;
    const personId = ports.ids.next('per');
    // Without the name: it is personal, and entries are kept.
    const facts = { scopes: scopes.join(' ') };
    const entry = entryOf(ports, caller, tenantId, { action: 'person.created', personId, facts });
    const person = await ports.people.create(tenantId, { personId, loginName, scopes }, entry);
    if (person === null) throw new PlatformError('people.person-exists');
    return { person, link: await makeLink(ports, caller, { tenantId, personId }) };
  };
}

/**
 * Makes a new password link for a person; it replaces the former one. Throws `people.person-unknown`, and `access.scope-missing` for a person that
 * holds a scope that the caller does not: the holder of the link can sign in as the person.
 */
export function createPasswordLink(ports: PeoplePorts) {
  return async (
    caller: Caller,
    input: { readonly tenantId: TenantId; readonly personId: string },
  ): Promise<PasswordLink> => {
    const { tenantId, personId } = input;
    const rights = isId('per', personId) ? await ports.people.findRights(tenantId, personId) : null;
    if (rights === null) throw new PlatformError('people.person-unknown');
    refuseEscalation(caller, rights.scopes, linkEscalation);
    return makeLink(ports, caller, input);
  };
}

/** A tenant's people, oldest first. Throws `request.invalid` for an invalid cursor. */
export function listPeople({ people }: Pick<PeoplePorts, 'people'>) {
  return async (_caller: Caller, input: PageRequest & { readonly tenantId: TenantId }): Promise<Page<Person>> => {
    const { tenantId, after, limit } = input;
    if (after !== null && !isId('per', after)) {
      const violations = [{ field: 'after', description: 'must be the next of the page before' }];
      throw new PlatformError('request.invalid', { violations });
    }
    return pageOf(await people.list(tenantId, { after, limit: limit + 1 }), limit, ({ personId }) => personId);
  };
}

export interface DisablePersonInput {
  readonly tenantId: TenantId;
  readonly personId: string;
  readonly isDisabled: boolean;
}

/** Disables or enables a person. A client that acts for a disabled person is refused within `limits.tokenCacheMs`. Throws `people.person-unknown`. */
export function disablePerson(ports: Pick<PeoplePorts, 'people' | 'ids'>) {
  return async (caller: Caller, { tenantId, personId, isDisabled }: DisablePersonInput): Promise<void> => {
    if (!isId('per', personId)) throw new PlatformError('people.person-unknown');
    const action = isDisabled ? 'person.disabled' : 'person.enabled';
    const entry = entryOf(ports, caller, tenantId, { action, personId, facts: {} });
    const isKnown = await ports.people.setDisabled(tenantId, personId, isDisabled, entry);
    if (!isKnown) throw new PlatformError('people.person-unknown');
  };
}

async function makeLink(
  ports: PeoplePorts,
  caller: Caller,
  { tenantId, personId }: { readonly tenantId: TenantId; readonly personId: string },
): Promise<PasswordLink> {
  const secret = Buffer.from(ports.random.bytes(secretBytes)).toString('base64url');
  const lifeMs = limits.passwordLinkMs;
  const entry = entryOf(ports, caller, tenantId, { action: 'person.link-created', personId, facts: {} });
  const link = { personId, secretHash: ports.secrets.hash(`password link ${secret}`), lifeMs };
  if (!(await ports.people.putLink(tenantId, link, entry))) throw new PlatformError('people.person-unknown');
  return { token: `${tenantId}.${personId}.${secret}`, lifeMs };
}

interface PersonAct extends Pick<AuditedAct, 'action' | 'facts'> {
  readonly personId: string;
}

function entryOf(
  { ids }: Pick<PeoplePorts, 'ids'>,
  caller: Caller,
  tenantId: TenantId,
  { action, personId, facts }: PersonAct,
): NewAuditEntry {
  return {
    ...auditEntryBy(caller, ids, { action, outcome: 'succeeded', resource: `people/${personId}`, facts }),
    tenantId,
  };
}

function assertFits(loginName: string, scopes: readonly string[]): void {
  const violations = [
    ...(loginNameShape.test(loginName)
      ? []
      : [{ field: 'loginName', description: 'must have 1 to 100 characters of a-z, 0-9 and . _ @ + -' }]),
    ...scopeViolations(scopes),
  ];
  if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
}
