import { tokenOf } from './identities.ts';
import type { Stage } from './stage.ts';

interface Shown {
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * Asks the endpoints of the authorization server as clients that are none, or not the ones that may: they get no token, learn nothing of
 * the victim's token, and do not revoke it. How many were asked.
 */
export async function askAsWrongClients(
  { urls, victim, neighbour, publicUrl }: Stage,
  wrong: ReadonlyMap<string, Shown>,
  violations: string[],
): Promise<number> {
  const token = await tokenOf(publicUrl, victim);
  let asked = 0;
  const expect = (what: string, isRight: boolean): void => {
    asked += 1;
    if (!isRight) violations.push(what);
  };
  for (const url of urls) {
    for (const [name, client] of wrong) {
      for (const endpoint of ['token', 'introspect', 'revoke']) {
        const told = await post(`${url}/oauth/${endpoint}`, client, token);
        // A client that guesses secrets is slowed down after a while.
        const isRefused = [400, 401, 429].includes(told.status);
        expect(
          `${endpoint} as ${name}: ${told.status} ${told.text}`,
          isRefused && !/access_token|"active"/.test(told.text),
        );
      }
    }
    // Another tenant's client is a client, and is told and does nothing.
    const foreign = await post(`${url}/oauth/introspect`, neighbour, token);
    expect(`introspection by another tenant: ${foreign.text}`, foreign.text === '{"active":false}');
    await post(`${url}/oauth/revoke`, neighbour, token);
    const headers = { authorization: `Bearer ${token}` };
    const own = await fetch(`${url}/api/v1/tenants/victim/credits`, { headers });
    expect(`a token was revoked by who may not: ${own.status}`, own.status === 200);
  }
  return asked;
}

/** Clients that may ask for nothing. */
export async function wrongClients({
  victim,
  neighbour,
  halted,
  replicas,
}: Stage): Promise<ReadonlyMap<string, Shown>> {
  const { admin } = victim.client;
  const [revoked, stopped] = [
    await admin.createClient({ body: { name: 'revoked too', scopes: ['a2a:read'] } }),
    await admin.createClient({ body: { name: 'stopped too', scopes: ['a2a:read'] } }),
  ];
  await admin.revokeClient({ client: revoked.clientId });
  const operator = replicas[0].operator.admin.forTenant('victim');
  await operator.stopPrincipal({ principal: stopped.clientId, body: { reason: 'it loops' } });
  const { clientId, clientSecret } = victim;
  return new Map<string, Shown>([
    ['no client', { clientId: '', clientSecret: '' }],
    ['a client without its secret', { clientId, clientSecret: '' }],
    [
      'a client with a wrong secret',
      { clientId, clientSecret: `${clientSecret.slice(0, -1)}${clientSecret.endsWith('A') ? 'B' : 'A'}` },
    ],
    ['a client with half of its secret', { clientId, clientSecret: clientSecret.slice(0, 20) }],
    ['a client with the secret of another tenant', { clientId, clientSecret: neighbour.clientSecret }],
    ['a client with the secret of another client', { clientId, clientSecret: stopped.clientSecret }],
    ['a client with its own id as secret', { clientId, clientSecret: clientId }],
    ['a client that is not there', { clientId: `cli_${'0'.repeat(32)}`, clientSecret }],
    ['a client in capitals', { clientId: clientId.toUpperCase(), clientSecret }],
    ['a revoked client', revoked],
    ['a stopped client', stopped],
    ['a client of a stopped tenant', halted],
    ['another tenant’s id with this secret', { clientId: neighbour.clientId, clientSecret }],
  ]);
}

async function post(
  url: string,
  { clientId, clientSecret }: Shown,
  token: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const form = { grant_type: 'client_credentials', token };
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const headers = clientId === '' ? {} : { authorization: `Basic ${basic}` };
  const answer = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) });
  return { status: answer.status, text: await answer.text() };
}
