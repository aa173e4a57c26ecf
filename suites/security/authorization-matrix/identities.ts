import { generateKeyPairSync } from 'node:crypto';
import { policyOf, systemClock } from '@colloquy/server/test';
import { createClient } from '@colloquy/sdk/client';
import { signToken, startTestPlatform, tokenParts, withAnotherEnd } from '@colloquy/testkit';
import type { AuthorizationServer, TestCredentials } from '@colloquy/testkit';
import type { MatrixCall } from './call.ts';
import { allScopes } from './stage.ts';
import type { Stage } from './stage.ts';

/** `unauthenticated`: no known caller. `lacking`: known, without the right. `missing`: what is asked about is not there for this caller. */
export type Verdict = 'unauthenticated' | 'lacking' | 'missing';

/** A caller that must not get through. */
export interface WrongIdentity {
  readonly name: string;
  /** Belongs to the tenant that is asked about. */
  readonly isInside?: true;
  /** How it shows itself for a call. */
  fieldsFor(call: MatrixCall): Readonly<Record<string, string>>;
  /** What it has to be told; null where it rightly may call. */
  verdictFor(call: MatrixCall): Verdict | null;
}

type Fields = Readonly<Record<string, string>>;
const bearer = (token: string): Fields => ({ authorization: `Bearer ${token}` });
/** What an API key can hold. */
const keyScopes = allScopes.filter((scope) => scope !== 'clients:write' && scope !== 'grants:write');
const isForOperators = ({ operation }: MatrixCall): boolean => policyOf(operation)?.actor === 'operator';

/** A token of a client, with some of its scopes or for one resource only. */
export async function tokenOf(
  url: string,
  { clientId, clientSecret }: Pick<TestCredentials, 'clientId' | 'clientSecret'>,
  form: Readonly<Record<string, string>> = {},
): Promise<string> {
  const body = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, ...form };
  const answer = await fetch(`${url}/oauth/token`, { method: 'POST', body: new URLSearchParams(body) });
  const told = (await answer.json()) as { readonly access_token?: string };
  if (told.access_token === undefined) throw new Error(`No token: ${JSON.stringify(told)}`);
  return told.access_token;
}

/** Everybody who must not get through, each made the way in which it would come about. */
export async function wrongIdentities(stage: Stage): Promise<readonly WrongIdentity[]> {
  return [
    ...(await unknownCallers(stage)),
    ...(await formerlyLetIn(stage)),
    ...(await fromElsewhere(stage)),
    ...(await withLessRights(stage)),
  ];
}

const unauthenticated = (name: string, fields: Fields): WrongIdentity => ({
  name,
  fieldsFor: () => fields,
  verdictFor: () => 'unauthenticated',
});

/** Who shows nothing, or nothing that holds. */
async function unknownCallers({ victim, publicUrl, trusted, untrusted, audience }: Stage): Promise<WrongIdentity[]> {
  const token = await victim.client.token();
  const proofKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const bound = await createClient({ baseUrl: publicUrl, tenant: 'victim', ...secretsOf(victim), proofKey }).token();
  const resource = `${publicUrl}/t/victim/agents/other`;
  const external = (server: AuthorizationServer, over: object): string => {
    const tokenRequest = {
      algorithm: 'ES256',
      scope: 'agents.call',
      subject: 'wrong',
      audience,
      nowMs: Date.now(),
    } as const;
    const parts = tokenParts(server, tokenRequest);
    return signToken(parts.header, { ...parts.claims, ...over }, parts.key);
  };
  const seconds = Math.floor(Date.now() / 1000);
  return [
    unauthenticated('no credential', {}),
    unauthenticated('garbage', bearer('no-token')),
    unauthenticated('a token with another signature', bearer(withAnotherEnd(token))),
    unauthenticated('a client secret as a token', bearer(victim.clientSecret)),
    unauthenticated('an API key that was made up', bearer(`clq_${'0'.repeat(32)}_${'A'.repeat(49)}`)),
    unauthenticated('a bound token without its proof', bearer(bound)),
    unauthenticated('a bound token with the scheme of proofs and none', { authorization: `DPoP ${bound}` }),
    {
      ...unauthenticated('a token for another agent', bearer(await tokenOf(publicUrl, victim, { resource }))),
      isInside: true,
      // The agent of a task is known when the task is found.
      verdictFor: ({ operation }) => (policyOf(operation)?.place === 'task' ? 'missing' : 'unauthenticated'),
    },
    unauthenticated('a token of an untrusted issuer', bearer(external(untrusted, {}))),
    unauthenticated(
      'a token of a trusted issuer for another audience',
      bearer(external(trusted, { aud: 'https://else.example' })),
    ),
    unauthenticated(
      'a token of a trusted issuer that has ended',
      bearer(external(trusted, { iat: seconds - 900, exp: seconds - 600 })),
    ),
  ];
}

const secretsOf = ({ clientId, clientSecret }: TestCredentials) => ({ clientId, clientSecret });

/** Who got through once. */
async function formerlyLetIn(stage: Stage): Promise<WrongIdentity[]> {
  const { publicUrl, victim, halted, replicas } = stage;
  const operator = replicas[0].operator.admin.forTenant('victim');
  const make = (name: string) => victim.client.admin.createClient({ body: { name, scopes: allScopes } });
  const [revoked, stopped, dropped] = [await make('revoked'), await make('stopped'), await make('dropped')];
  const tokens = {
    revoked: await tokenOf(publicUrl, revoked),
    stopped: await tokenOf(publicUrl, stopped),
    dropped: await tokenOf(publicUrl, dropped),
    halted: await halted.client.token(),
    expired: await expiredToken(stage),
  };
  const { apiKey, keyId } = await victim.client.admin.createApiKey({ body: { name: 'gone', scopes: keyScopes } });
  await victim.client.admin.revokeClient({ client: revoked.clientId });
  await victim.client.admin.revokeApiKey({ key: keyId });
  await operator.stopPrincipal({ principal: stopped.clientId, body: { reason: 'it loops' } });
  await replicas[0].operator.admin.forTenant('halted').stopTenant({ body: { reason: 'it does not pay' } });
  const form = { token: tokens.dropped, client_id: dropped.clientId, client_secret: dropped.clientSecret };
  await fetch(`${publicUrl}/oauth/revoke`, { method: 'POST', body: new URLSearchParams(form) });
  return [
    unauthenticated('a token that has ended', bearer(tokens.expired)),
    unauthenticated('a revoked client', bearer(tokens.revoked)),
    unauthenticated('a stopped client', bearer(tokens.stopped)),
    unauthenticated('a revoked token', bearer(tokens.dropped)),
    unauthenticated('a revoked API key', bearer(apiKey)),
    unauthenticated('a client of a stopped tenant', bearer(tokens.halted)),
  ];
}

/** Issued two hours ago, by a replica whose clock was right then. */
async function expiredToken({ replicas, victim, publicUrl }: Stage): Promise<string> {
  const agoMs = 2 * 3_600_000;
  const clock = {
    nowMs: () => systemClock.nowMs() - agoMs,
    monotonicMs: () => systemClock.monotonicMs(),
    after: (delayMs: number, run: () => void) => systemClock.after(delayMs, run),
  };
  const env = { COLLOQUY_PUBLIC_URL: publicUrl };
  await using earlier = await startTestPlatform({ database: replicas[0].database, clock, env });
  return await tokenOf(earlier.url, victim);
}

/** Who may do everything, somewhere else. */
async function fromElsewhere({ neighbour, trusted, neighbourAudience, replicas }: Stage): Promise<WrongIdentity[]> {
  const { apiKey } = await neighbour.client.admin.createApiKey({ body: { name: 'ci', scopes: keyScopes } });
  const foreign = (call: MatrixCall): Verdict => (isForOperators(call) ? 'lacking' : 'missing');
  const elsewhere = (name: string, token: string): WrongIdentity => ({
    name,
    fieldsFor: () => bearer(token),
    verdictFor: foreign,
  });
  const tokenRequest = {
    algorithm: 'ES256',
    scope: 'agents.call',
    subject: 'foreign',
    audience: neighbourAudience,
  } as const;
  const { header, claims, key } = tokenParts(trusted, { ...tokenRequest, nowMs: Date.now() });
  const operator = await replicas[0].operator.token();
  return [
    elsewhere('a client of another tenant', await neighbour.client.token()),
    {
      name: 'an API key of another tenant',
      fieldsFor: () => bearer(apiKey),
      verdictFor: (call) => (keyScopes.includes(scopeOf(call)) ? foreign(call) : 'lacking'),
    },
    elsewhere('an external subject of another tenant', signToken(header, claims, key)),
    {
      name: 'an operator, over A2A',
      fieldsFor: () => bearer(operator),
      verdictFor: ({ surface }) => (surface === 'a2a' ? 'missing' : null),
    },
  ];
}

/** Who belongs to the tenant and may do other things. */
async function withLessRights(stage: Stage): Promise<WrongIdentity[]> {
  const { publicUrl, victim, trusted, audience } = stage;
  const { admin } = victim.client;
  const make = (name: string) => admin.createClient({ body: { name, scopes: allScopes } });
  const [elsewhere, former, auditor, caller] = [
    await make('else'),
    await make('former'),
    await make('audits'),
    await make('calls'),
  ];
  await admin.createGrant({ body: { principal: elsewhere.clientId, role: 'tenant-admin', agent: 'other' } });
  const { grantId } = await admin.createGrant({ body: { principal: former.clientId, role: 'tenant-admin' } });
  await admin.removeGrant({ grant: grantId });
  await admin.createGrant({ body: { principal: auditor.clientId, role: 'auditor' } });
  await admin.createGrant({ body: { principal: caller.clientId, role: 'agent' } });
  const without = new Map<string, Fields>();
  for (const scope of allScopes) {
    const others = allScopes.filter((one) => one !== scope).join(' ');
    without.set(scope, bearer(await tokenOf(publicUrl, victim, { scope: others })));
  }
  const everyScope = bearer(await victim.client.token());
  const tokenRequest = {
    algorithm: 'ES256',
    scope: 'agents.read',
    subject: 'reader',
    audience,
    nowMs: Date.now(),
  } as const;
  const parts = tokenParts(trusted, tokenRequest);
  const external = signToken(parts.header, parts.claims, parts.key);
  const lackingUnless = (held: readonly string[]) => (call: MatrixCall) =>
    held.includes(scopeOf(call)) ? null : 'lacking';
  const known = (name: string, token: string, verdictFor: WrongIdentity['verdictFor']): WrongIdentity => ({
    name,
    fieldsFor: () => bearer(token),
    verdictFor,
  });
  return [
    {
      name: 'every scope but the one',
      fieldsFor: (call) => without.get(scopeOf(call)) ?? everyScope,
      verdictFor: () => 'lacking',
    },
    {
      ...known('an administrator of another agent only', await tokenOf(publicUrl, elsewhere), atAnotherAgent),
      isInside: true,
    },
    known('who has lost the last role', await tokenOf(publicUrl, former), () => 'lacking'),
    known('an auditor', await tokenOf(publicUrl, auditor), lackingUnless(scopesOfAuditor)),
    known('an agent', await tokenOf(publicUrl, caller), lackingUnless(scopesOfAgent)),
    known('an external subject with one scope', external, lackingUnless(['deliveries:read'])),
  ];
}

const scopesOfAuditor = ['a2a:read', 'acp:read', 'credits:read', 'audit:read', 'tasks:inspect', 'deliveries:read'];
const scopesOfAgent = ['a2a:send', 'a2a:read', 'a2a:cancel', 'acp:run', 'acp:read', 'acp:cancel'];

function scopeOf({ operation }: MatrixCall): string {
  return policyOf(operation)?.scope ?? '';
}

/** Lists show what there is at the other agent; that nothing else is in them is judged where they are. */
function atAnotherAgent(call: MatrixCall): Verdict | null {
  if (isForOperators(call)) return 'lacking';
  switch (policyOf(call.operation)?.place) {
    case 'task':
      return 'missing';
    case 'anywhere':
      return call.isList ? null : call.operation === 'grant.create' ? 'lacking' : 'missing';
    case 'agent':
    case 'skill':
      return 'missing';
    default:
      return 'lacking';
  }
}
