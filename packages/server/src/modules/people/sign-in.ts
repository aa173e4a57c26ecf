import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { IdSource, RequestId, TenantId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import type { ClientSecretHasher } from '../access/index.ts';
import type { AuditAction, AuditFacts, AuditLog, NewAuditEntry } from '../audit/index.ts';
import type { PasswordHasher, PeopleStore, SignInFailureStore, WatchedSubject } from './people-store.ts';

export interface SignInPorts {
  readonly people: PeopleStore;
  readonly failures: SignInFailureStore;
  readonly passwords: PasswordHasher;
  readonly secrets: ClientSecretHasher;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly ids: IdSource;
}

export interface SignInAttempt {
  readonly tenantId: TenantId;
  readonly loginName: string;
  readonly password: string;
  /** The source of the attempt: an address, or a network that belongs to one sender. */
  readonly network: string;
  readonly requestId: RequestId;
}

/** The outcome of an attempt. `wrong`: name or password; `wait`: refused before it was checked. */
export type SignInResult =
  | { readonly kind: 'in'; readonly personId: string }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'wait'; readonly waitMs: number };

/**
 * Signs a person in by name and password. Guesses of a password slow down their own source and not the person at another one, as long as
 * there are few such sources. Rejects with `platform.unavailable` and `platform.overloaded`.
 */
export function signIn(ports: SignInPorts) {
  return async (attempt: SignInAttempt): Promise<SignInResult> => {
    const { tenantId, requestId } = attempt;
    const loginName = attempt.loginName.trim().toLowerCase().slice(0, 100);
    const watched = (what: string, free: number): WatchedSubject => ({ subject: ports.secrets.hash(what), free });
    const ofName = [
      watched(`sign-in of ${tenantId} ${loginName} from ${attempt.network}`, limits.signInFailuresFree),
      watched(`sign-in of ${tenantId} ${loginName}`, limits.signInFailuresFreeTogether),
    ];
    const subjects = [...ofName, watched(`sign-in from ${attempt.network}`, limits.signInFailuresFreeTogether)];
    const waitMs = await ports.failures.waitMs(subjects);
    if (waitMs > 0) return { kind: 'wait', waitMs };
    const known = await ports.people.findCredential(tenantId, loginName);
    const password = attempt.password.slice(0, limits.passwordCharsMax);
    const isRight = await ports.passwords.verify(password, known?.passwordHash ?? null);
    if (known === null || !isRight || known.isDisabled) {
      await ports.failures.count(subjects);
      if (known !== null)
        await note(ports, attempt, { action: 'person.signed-in', outcome: 'refused', personId: known.personId });
      return { kind: 'wrong' };
    }
    await ports.failures.clear(ofName);
    await note(
      ports,
      { tenantId, requestId },
      { action: 'person.signed-in', outcome: 'succeeded', personId: known.personId },
    );
    return { kind: 'in', personId: known.personId };
  };
}

/** Why a password was not set. */
export type PasswordRefusal = 'link-used' | 'too-short';

/** As long as an access token lives; the leeway of clocks comes on top. */
const keepSeconds = (limits.accessTokenMs + limits.tokenLeewayMs) / 1000;

/**
 * Sets a password by a link, once. All sessions of the person and all clients that act for it end, in case an intruder knew the former
 * password. Null when it is set.
 */
export function setPassword(ports: SignInPorts) {
  return async (link: string, password: string, requestId: RequestId): Promise<PasswordRefusal | null> => {
    const [tenantId = '', personId = '', secret = ''] = link.split('.');
    if (!isId('tnt', tenantId) || !isId('per', personId)) return 'link-used';
    const chars = Array.from(password).length;
    if (chars < limits.passwordCharsMin || chars > limits.passwordCharsMax) return 'too-short';
    const secretHash = ports.secrets.hash(`password link ${secret}`);
    const passwordHash = await ports.passwords.hash(password);
    const entry = entryOf(
      ports,
      { tenantId, requestId },
      { action: 'person.password-set', outcome: 'succeeded', personId },
    );
    const isSpent = await ports.people.spendLink(tenantId, { personId, secretHash, passwordHash, keepSeconds }, entry);
    return isSpent ? null : 'link-used';
  };
}

interface Act extends Pick<NewAuditEntry, 'outcome'> {
  readonly action: AuditAction;
  readonly personId: string;
  readonly facts?: AuditFacts;
}

type Origin = Pick<SignInAttempt, 'tenantId' | 'requestId'>;

function entryOf(
  { ids }: Pick<SignInPorts, 'ids'>,
  { tenantId, requestId }: Origin,
  { action, outcome, personId, facts = {} }: Act,
): NewAuditEntry {
  const entryId = ids.next('ent');
  return { tenantId, entryId, actorId: personId, action, outcome, resource: `people/${personId}`, requestId, facts };
}

async function note(ports: SignInPorts, origin: Origin, act: Act): Promise<void> {
  try {
    await ports.audit.append(entryOf(ports, origin, act));
  } catch (error) {
    // Every sign-in leaves an audit entry.
    throw error instanceof PlatformError ? error : new PlatformError('platform.unavailable', { cause: error });
  }
}
