import { exampleOf } from './example-of.ts';
import type { JsonSchema } from './example-of.ts';
import { askHttp } from './call.ts';
import type { Aim, MatrixCall, Told } from './call.ts';

interface DescribedOperation {
  readonly operationId: string;
  readonly 'x-colloquy-operation'?: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
}

/** As much of the published document as is needed here. */
export interface AdminDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** Names in paths, beside those of the tenant and the agent. */
export type PathValues = Readonly<Record<string, string>>;

/** Every endpoint of the admin API, from the document that the platform publishes. */
export function adminCalls(
  document: AdminDocument,
  urls: readonly string[],
  values: PathValues,
  bodies: Readonly<Record<string, unknown>>,
): readonly MatrixCall[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([verb, described]): MatrixCall => {
      const method = verb.toUpperCase();
      const schema = described.requestBody?.content['application/json']?.schema;
      const good = schema && (bodies[described.operationId] ?? exampleOf(schema, document.components.schemas));
      const send =
        (body: unknown) =>
        (aim: Aim): Promise<Told> => {
          const url = `${urls[aim.replica] ?? ''}/api/v1${filled(path, values, aim)}`;
          const headers = body === undefined ? {} : { 'content-type': 'application/json' };
          return askHttp({ url, method, headers, body: body === undefined ? undefined : JSON.stringify(body) }, aim);
        };
      return {
        name: `${method} ${path}`,
        surface: 'admin',
        operation: described['x-colloquy-operation'] ?? '',
        isAboutAgent: path.includes('{agent}'),
        isList: method === 'GET' && !path.endsWith('}'),
        ask: send(good),
        askBadly: schema === undefined ? null : send({ 'no-such-member': 1 }),
      };
    }),
  );
}

function filled(path: string, values: PathValues, { tenantSlug, agentName, namesNothing }: Aim): string {
  const known = namesNothing === true ? withoutOwners(values) : values;
  const names: PathValues = { ...known, tenant: tenantSlug, agent: agentName };
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] ?? '1'));
}

function withoutOwners(values: PathValues): PathValues {
  const entries = Object.entries(values).map(([name, value]) => [name, value.replace(/[0-9a-f]{32}$/, '0'.repeat(32))]);
  return Object.fromEntries(entries) as PathValues;
}
