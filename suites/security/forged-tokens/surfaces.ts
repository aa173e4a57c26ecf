import { connect } from 'node:http2';
import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2';

/** A way to show a credential: the fields of a request. */
export type Showing = 'bearer' | 'dpop' | 'api-key';

/** An answer without what differs from request to request. */
export type Answered = string;

/** A place where credentials are judged. */
export interface Surface {
  readonly name: string;
  ask(fields: Readonly<Record<string, string>>): Promise<Answered>;
}

/** The fields that show a credential. */
export function fieldsOf(showing: Showing, credential: string): Readonly<Record<string, string>> {
  switch (showing) {
    case 'bearer':
      return { authorization: `Bearer ${credential}` };
    case 'dpop':
      return { authorization: `DPoP ${credential}` };
    case 'api-key':
      return { 'x-api-key': credential };
  }
}

export interface SurfacesOptions {
  readonly url: string;
  readonly grpcAddress: string;
  readonly tenantSlug: string;
  readonly agentName: string;
}

/** What is asked, beside who asks. */
interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Every audience and binding, with calls that would change something where there are such. */
export function openSurfaces(options: SurfacesOptions): { readonly surfaces: readonly Surface[]; close(): void } {
  const { url, grpcAddress, tenantSlug, agentName } = options;
  const agent = `${url}/t/${tenantSlug}/agents/${agentName}`;
  const tenant = `${url}/api/v1/tenants/${tenantSlug}`;
  const version = { 'a2a-version': '1.0', 'content-type': 'application/json' };
  const message = { message: { messageId: 'forged', role: 'ROLE_USER', parts: [{ text: 'forged' }] } };
  const rpc = (method: string, params: unknown) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const send = rpc('SendMessage', message);
  const http = (name: string, address: string, init: Asking = {}): Surface => ({
    name,
    ask: async (fields) => answerOf(await fetch(address, { ...init, headers: { ...init.headers, ...fields } })),
  });
  const session = connect(`http://${grpcAddress}`);
  session.on('error', () => undefined);
  const surfaces = [
    http('A2A 1.0 JSON-RPC send', agent, { method: 'POST', headers: version, body: send }),
    http('A2A 1.0 JSON-RPC list', agent, { method: 'POST', headers: version, body: rpc('ListTasks', {}) }),
    http('A2A 1.0 REST list', `${agent}/tasks`, { headers: version }),
    http('A2A 1.0 REST send', `${agent}/message:send`, {
      method: 'POST',
      headers: version,
      body: JSON.stringify(message),
    }),
    http('A2A 0.3 JSON-RPC', agent, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: rpc('tasks/get', { id: 'forged' }),
    }),
    http('card', `${agent}/.well-known/agent-card.json`),
    http('admin list', `${tenant}/agents`),
    http('admin create', `${tenant}/clients`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'forged', scopes: ['a2a:read'] }),
    }),
    http('admin delete', `${tenant}/agents/${agentName}`, { method: 'DELETE' }),
    grpc('gRPC list', session, '/lf.a2a.v1.A2AService/ListTasks'),
    grpc('gRPC send', session, '/lf.a2a.v1.A2AService/SendMessage'),
  ];
  return { surfaces, close: () => session.destroy() };
}

async function answerOf(answer: Response): Promise<Answered> {
  const body = await answer.text();
  return anonymous(`${String(answer.status)} ${answer.headers.get('www-authenticate') ?? ''} ${body}`);
}

/** An empty message: that of a refused caller is never read. */
const emptyMessage = Buffer.alloc(5);

function grpc(name: string, session: ClientHttp2Session, path: string): Surface {
  return {
    name,
    ask: (fields) =>
      new Promise((resolve, reject) => {
        const call = session.request({
          ':method': 'POST',
          ':path': path,
          'content-type': 'application/grpc',
          te: 'trailers',
          ...fields,
        });
        const told: IncomingHttpHeaders = {};
        call.on('response', (headers) => void Object.assign(told, headers));
        call.on('trailers', (headers) => void Object.assign(told, headers));
        call.on('error', reject);
        call.on('close', () => resolve(anonymous(`${String(told['grpc-status'])} ${String(told['grpc-message'])}`)));
        call.resume().end(emptyMessage);
      }),
  };
}

function anonymous(text: string): Answered {
  return text.replaceAll(/req_[0-9a-f]{32}/g, 'req');
}
