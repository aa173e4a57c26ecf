import { cardAt } from './stage.ts';
import type { Stage } from './stage.ts';

/** Something that a tenant writes a URL into. */
export interface UrlField {
  readonly name: string;
  /** Writes it; answers the HTTP status. */
  write(stage: Stage, url: string, number: number): Promise<number>;
}

const agents = '/api/v1/tenants/acme/agents';
const a2a = '/t/acme/agents/agent';
const message = (parts: readonly object[] = [{ text: 'hello' }]): object => ({
  messageId: crypto.randomUUID(),
  role: 'ROLE_USER',
  parts,
});

const rpc = async (stage: Stage, method: string, params: object): Promise<number> => {
  const { status, json } = await stage.call(a2a, { jsonrpc: '2.0', id: 1, method, params });
  return json !== null && typeof json === 'object' && 'error' in json ? 400 : status;
};
const withPush = (url: string): object => ({
  message: message(),
  configuration: { taskPushNotificationConfig: { url } },
});
/** Address of a gRPC interface: host and port, or the text as it is. */
const grpcAddress = (url: string): string => {
  const [, authority = ''] = /^https?:\/\/([^/?#]*)/i.exec(url) ?? [];
  return authority === '' ? url : authority;
};

const interfaceField = (binding: string, addressOf: (url: string) => string): UrlField => ({
  name: `registerAgent card.supportedInterfaces.url ${binding}`,
  async write(stage, url, number) {
    const name = `${binding.toLowerCase().replace(/[^a-z]/g, '')}-${number}`;
    return (await stage.call(agents, { name, card: cardAt(addressOf(url), binding) })).status;
  },
});

/** Every field that a caller can name an address in, of the admin API by its operation and of A2A by its method. */
export const urlFields: readonly UrlField[] = [
  {
    name: 'registerAgent cardUrl',
    write: async (stage, url, number) => (await stage.call(agents, { name: `url-${number}`, cardUrl: url })).status,
  },
  interfaceField('JSONRPC', (url) => url),
  interfaceField('HTTP+JSON', (url) => url),
  interfaceField('GRPC', grpcAddress),
  {
    name: 'updateCard cardUrl',
    write: async (stage, url) => (await stage.call(`${agents}/updated/card`, { cardUrl: url }, 'PUT')).status,
  },
  {
    name: 'updateCard card.supportedInterfaces.url',
    write: async (stage, url) => (await stage.call(`${agents}/updated/card`, { card: cardAt(url) }, 'PUT')).status,
  },
  ...['instances', 'leased-instances'].map((list): UrlField => ({
    name: `${list} url`,
    write: async (stage, url) => (await stage.call(`${agents}/updated/${list}`, { url })).status,
  })),
  {
    name: 'registerIssuer issuer',
    write: async (stage, url, number) => {
      const settings = { name: `issuer-${number}`, scopeMap: { read: ['a2a:read'] } };
      return (await stage.call('/api/v1/tenants/acme/issuers', { ...settings, issuer: url })).status;
    },
  },
  {
    name: 'setEventSink url',
    async write(stage, url) {
      const sink = '/api/v1/tenants/acme/event-sinks/probe';
      const { status } = await stage.call(sink, { url, types: ['*'] }, 'PUT');
      // What is accepted is called at once.
      if (status < 300) await stage.call(`${sink}/test`, {});
      return status;
    },
  },
  { name: 'SendMessage push url', write: (stage, url) => rpc(stage, 'SendMessage', withPush(url)) },
  { name: 'SendStreamingMessage push url', write: (stage, url) => rpc(stage, 'SendStreamingMessage', withPush(url)) },
  {
    name: 'SendMessage parts.url',
    write: (stage, url) => rpc(stage, 'SendMessage', { message: message([{ url, mediaType: 'text/plain' }]) }),
  },
  {
    name: 'CreateTaskPushNotificationConfig url',
    async write(stage, url) {
      const taskId = await newestTask(stage);
      return rpc(stage, 'CreateTaskPushNotificationConfig', { taskId, id: 'probe', url });
    },
  },
];

/** Names of request fields in the admin API that hold an address, with the operation; each is one of the fields above. */
export const knownBodyFields: readonly string[] = [
  'registerAgent.cardUrl',
  'registerInstance.url',
  'registerIssuer.issuer',
  'serveInstance.url',
  'setEventSink.url',
  'updateCard.cardUrl',
];

async function newestTask(stage: Stage): Promise<string> {
  const [row] = await stage.rows<{ id: string }>(
    `select 'tsk_' || replace(task_id::text, '-', '') as id from colloquy.tasks order by task_id desc limit 1`,
  );
  return row?.id ?? '';
}

/** Every field of a request body in an OpenAPI document whose name or format says that it is an address, as `operation.field`. */
export function addressFieldsOf(document: unknown): readonly string[] {
  const found = new Set<string>();
  const root = document as { readonly paths: Record<string, Record<string, Operation>> };
  for (const operations of Object.values(root.paths)) {
    for (const { operationId = '', requestBody } of Object.values(operations)) {
      const schema = requestBody?.content?.['application/json']?.schema;
      for (const [name, { format }] of propertiesOf(schema, document)) {
        if (format === 'uri' || /ur[il]$|issuer$|endpoint|jku|host$/i.test(name)) found.add(`${operationId}.${name}`);
      }
    }
  }
  return [...found].toSorted();
}

interface Schema {
  readonly $ref?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
}

interface Operation {
  readonly operationId?: string;
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
}

function propertiesOf(schema: Schema | undefined, document: unknown): readonly (readonly [string, Schema])[] {
  if (schema === undefined) return [];
  if (schema.$ref !== undefined) return propertiesOf(resolve(schema.$ref, document), document);
  const own = Object.entries(schema.properties ?? {});
  const below = [...own.map(([, property]) => property), ...(schema.anyOf ?? [])];
  return [...own, ...below.flatMap((one) => propertiesOf(one, document))];
}

function resolve(ref: string, document: unknown): Schema {
  const found = ref
    .split('/')
    .slice(1)
    .reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>>)[key], document);
  return found as Schema;
}
