import { startTestPlatform } from '@colloquy/testkit';
import type { TestPlatform, TestTenant } from '@colloquy/testkit';
import type { Binding, Place } from '../bindings/binding.ts';
import { grpc } from '../bindings/grpc.ts';
import { httpJson } from '../bindings/http-json.ts';
import { jsonRpc } from '../bindings/json-rpc.ts';
import { startHarnessAgent } from '../harness-agent.ts';
import type { HarnessAgent } from '../harness-agent.ts';
import type { BindingName } from '../requirement.ts';

/** Who else there is: a client of the same tenant, one of another tenant, and one that may only read. */
export type OtherCaller = 'mate' | 'foreigner' | 'reader';

/** The parts of a card that say where to call. */
export interface DeclaredInterface {
  readonly url: string;
  readonly protocolBinding: string;
  readonly protocolVersion: string;
  readonly tenant?: string;
}

export interface RegisteredAgent {
  readonly name: string;
  /** The bindings that its card through the gateway declares for A2A 1.0, by name. */
  readonly bindings: ReadonlyMap<BindingName, (token?: string) => Binding>;
  readonly card: Readonly<Record<string, unknown>> & { readonly supportedInterfaces: readonly DeclaredInterface[] };
}

/** A live gateway with the harness agent behind it. */
export interface Stage extends AsyncDisposable {
  readonly platform: TestPlatform;
  readonly tenant: TestTenant;
  readonly agent: HarnessAgent;
  readonly harness: RegisteredAgent;
  readonly tokens: Readonly<Record<OtherCaller | 'own', string>>;
  /** A request to the gateway, with the tenant's token unless headers say otherwise. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** A token for a client, asked for as OAuth does. */
  tokenFor(client: Pick<TestTenant, 'clientId' | 'clientSecret'>): Promise<string>;
  /** Puts a further agent behind the gateway, by the address of its card or, where the card leads to another origin, by the card itself. */
  register(name: string, card: string | object, settings?: object): Promise<RegisteredAgent>;
}

const makers: Readonly<Record<BindingName, (place: Place) => Binding>> = {
  JSONRPC: jsonRpc,
  'HTTP+JSON': httpJson,
  GRPC: grpc,
};

const isBindingName = (name: string): name is BindingName => Object.hasOwn(makers, name);

export const agentPath = (tenant: TestTenant, name: string): string => `/t/${tenant.slug}/agents/${name}`;

/** Starts the platform, two tenants and the harness agent. */
export async function openStage(): Promise<Stage> {
  await using undo = new AsyncDisposableStack();
  const platform = undo.use(await startTestPlatform());
  const agent = undo.use(await startHarnessAgent());
  const tenant = await platform.createTenant('conformance');
  const foreign = await platform.createTenant('elsewhere');
  const clientWith = (name: string, scopes: string[]) =>
    platform.operator.admin.forTenant(tenant.slug).createClient({ body: { name, scopes } });
  const tokenFor: Stage['tokenFor'] = (client) => requestToken(platform.url, client);
  const tokens: Stage['tokens'] = {
    own: await tokenFor(tenant),
    mate: await tokenFor(await clientWith('mate', ['a2a:send', 'a2a:read', 'a2a:cancel'])),
    foreigner: await tokenFor(foreign),
    reader: await tokenFor(await clientWith('reader', ['a2a:read'])),
  };
  const fetchPath: Stage['fetch'] = (path, init = {}) =>
    fetch(platform.url + path, {
      ...init,
      headers: {
        authorization: `Bearer ${tokens.own}`,
        'a2a-version': '1.0',
        ...(init.headers as Record<string, string>),
      },
    });
  const register: Stage['register'] = async (name, card, settings = {}) => {
    const source: object = typeof card === 'string' ? { cardUrl: card } : { card };
    await tenant.client.admin.registerAgent({
      body: {
        name,
        ...source,
        priceMicrocredits: 1,
        cardVisibility: 'public',
        ...settings,
      },
    });
    const answer = await fetchPath(`${agentPath(tenant, name)}/.well-known/agent-card.json`);
    const shown = (await answer.json()) as RegisteredAgent['card'];
    return { name, card: shown, bindings: bindingsOf(shown.supportedInterfaces, tokens.own) };
  };
  const harness = await register('harness', agent.cardUrl);
  const parts = undo.move();
  return {
    platform,
    tenant,
    agent,
    harness,
    tokens,
    fetch: fetchPath,
    tokenFor,
    register,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

function bindingsOf(interfaces: readonly DeclaredInterface[], own: string): RegisteredAgent['bindings'] {
  const found = new Map<BindingName, (token?: string) => Binding>();
  for (const { url, protocolBinding: name, protocolVersion, tenant } of interfaces) {
    if (!isBindingName(name) || protocolVersion !== '1.0' || found.has(name)) continue;
    const make = makers[name];
    found.set(name, (token = own) => make({ url, token, ...(tenant === undefined ? {} : { tenant }) }));
  }
  return found;
}

async function requestToken(url: string, client: Pick<TestTenant, 'clientId' | 'clientSecret'>): Promise<string> {
  const basic = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64');
  const response = await fetch(`${url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: token } = (await response.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`The gateway gave no token (${response.status}).`);
  return token;
}
