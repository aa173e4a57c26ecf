/**
 * Writes the generated files: the lists of what files declare (../registrations.ts), the error codes of the SDK, and what the SDK's
 * admin client knows of the API: the types of every operation, and a table of their addresses.
 *
 *   npm run generate               writes the files that end in .gen.ts
 *   npm run generate -- --check    fails when one of them differs from its source
 *
 * openapi-typescript turns JSON Schema into types. It is given one schema for each operation, instead of the document's paths, because
 * the client takes one flat object of arguments. It needs a TypeScript with the compiler's JavaScript API, so this folder has its own.
 */
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';
import type { ReferenceObject, SchemaObject } from 'openapi-typescript';
import ts from 'typescript';
import { registrations, sdkErrorCodes } from '../registrations.ts';
import type { GeneratedFile } from '../registrations.ts';

type Schema = SchemaObject | ReferenceObject;
type Schemas = Record<string, Schema>;

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: Schema;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

/** The parts of an OpenAPI document that are read here. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Schemas };
}

const documentFile = new URL('../../docs/reference/openapi.json', import.meta.url);
const root = new URL('../../', import.meta.url);
const command = 'npm run generate';

/** The text of the generated file for `document`. */
export async function generateOperations({ paths, components }: ApiDocument): Promise<string> {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const operations = objectOf(
    Object.fromEntries(all.map(({ operation }) => [operation.operationId, typesOf(operation)])),
  );
  const types = await openapiTS(
    {
      openapi: '3.1.0',
      info: { title: '', version: '' },
      paths: {},
      components: { schemas: { ...components.schemas, Operations: operations } },
    },
    { immutable: true, defaultNonNullable: false, emptyObjectsUnknown: true, silent: true },
  );
  const declared = types.filter((node) => ts.isInterfaceDeclaration(node) && node.name.text === 'components');
  const bodies = all.map(({ operation }) => bodyOf(operation)).filter((body) => body !== undefined);
  const references = bodies.flatMap((body) => ('$ref' in body ? [body.$ref] : []));
  const inputs = new Set([
    'arguments',
    ...references.map((reference) => reference.slice(reference.lastIndexOf('/') + 1)),
  ]);
  const rows = all.map(({ path, method, operation }) => {
    const kind = answers(operation, 'text/event-stream')
      ? `, 'stream'`
      : answers(operation, 'text/csv')
        ? `, 'csv'`
        : '';
    return `  ${operation.operationId}: ['${method}', '${path}'${kind}],`;
  });
  return [
    `// Written by \`${command}\` from docs/reference/openapi.json. Do not edit.`,
    `/** The schemas of the admin API, and of each operation its arguments and its answer. */`,
    // The enum's type is in the type itself.
    astToString(declared.map((node) => forCallers(node, inputs)))
      .replaceAll(/^ *\/?\*\*? @enum \{.*\}(?: \*\/)?\n/gm, '')
      .replaceAll('@description ', '')
      .trimEnd(),
    `/** Method and path of each operation; \`stream\`: it answers server-sent events; \`csv\`: also CSV. */`,
    'export const operations = {',
    ...rows,
    '} as const;',
    '',
  ].join('\n');
}

/**
 * Lets callers say `undefined` for what is optional, and give any object, also an interface's, where the schema takes any. The properties
 * named in `inputs` hold what callers give.
 */
function forCallers(root: ts.Node, inputs: ReadonlySet<string>): ts.Node {
  const { factory } = ts;
  const refine =
    (context: ts.TransformationContext, isInput: boolean): ts.Visitor =>
    (node) => {
      const isBelow =
        isInput || (ts.isPropertySignature(node) && ts.isIdentifier(node.name) && inputs.has(node.name.text));
      if (isInput && ts.isTypeReferenceNode(node) && ts.isIdentifier(node.typeName) && node.typeName.text === 'Record')
        return factory.createKeywordTypeNode(ts.SyntaxKind.ObjectKeyword);
      const refined = ts.visitEachChild(node, refine(context, isBelow), context);
      if (!ts.isPropertySignature(refined) || refined.questionToken === undefined || refined.type === undefined)
        return refined;
      const type = factory.createUnionTypeNode([
        refined.type,
        factory.createKeywordTypeNode(ts.SyntaxKind.UndefinedKeyword),
      ]);
      return factory.updatePropertySignature(refined, refined.modifiers, refined.name, refined.questionToken, type);
    };
  const { transformed } = ts.transform(root, [
    (context) => (node) => ts.visitEachChild(node, refine(context, false), context),
  ]);
  return transformed[0] ?? root;
}

function bodyOf({ requestBody }: Operation): Schema | undefined {
  return requestBody?.content['application/json']?.schema;
}

/** Arguments of the client, beside those that every operation takes. */
const headerArguments: Readonly<Record<string, string>> = {
  'Idempotency-Key': 'idempotencyKey',
  'Last-Event-ID': 'lastEventId',
};

function typesOf(operation: Operation): Schema {
  const { operationId, summary, security, parameters = [], responses } = operation;
  const names = parameters.map((parameter) => {
    const name = parameter.in === 'header' ? headerArguments[parameter.name] : parameter.name;
    if (name === undefined || name === 'body' || name === 'signal')
      throw new Error(`${operationId}: the client has no argument for the parameter '${parameter.name}'.`);
    return { ...parameter, argument: name };
  });
  const body = bodyOf(operation);
  const required = names.filter((parameter) => parameter.required && parameter.argument !== 'tenant');
  const given = {
    ...Object.fromEntries(names.map(({ argument, schema }) => [argument, schema])),
    ...(body === undefined ? {} : { body }),
  };
  const needed = [...required.map(({ argument }) => argument), ...(body === undefined ? [] : ['body'])];
  const answer = Object.values(successOf(responses)?.content ?? {})[0]?.schema;
  const scopes = [...new Set(security.flatMap((way) => Object.values(way).flat()))];
  return {
    ...objectOf({
      ...(Object.keys(given).length === 0 ? {} : { arguments: objectOf(given, needed) }),
      ...(answer === undefined ? {} : { answer }),
    }),
    description: `${summary}. Scope: ${scopes.map((scope) => `\`${scope}\``).join(', ')}.`,
  };
}

function objectOf(properties: Schemas, required: string[] = Object.keys(properties)): SchemaObject {
  return { type: 'object', properties, required, additionalProperties: false };
}

function successOf(responses: Operation['responses']): Operation['responses'][string] | undefined {
  return Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
}

function answers({ responses }: Operation, type: 'text/event-stream' | 'text/csv'): boolean {
  return type in (successOf(responses)?.content ?? {});
}

async function sdkOperations(): Promise<GeneratedFile> {
  const document = JSON.parse(await readFile(documentFile, 'utf8')) as ApiDocument;
  return { file: 'packages/sdk/src/client/operations.gen.ts', text: await generateOperations(document) };
}

/** The generated files that differ from their sources. With `write` each is written at once: later ones are made from earlier ones. */
export async function staleFiles(write = false): Promise<readonly string[]> {
  const stale: string[] = [];
  const compare = async ({ file, text }: GeneratedFile): Promise<void> => {
    const found = await readFile(new URL(file, root), 'utf8').catch(() => '');
    if (found === text) return;
    stale.push(file);
    if (write) await writeFile(new URL(file, root), text);
  };
  for (const list of registrations()) await compare(list);
  await compare(await sdkErrorCodes());
  await compare(await sdkOperations());
  return stale;
}

if (import.meta.main) {
  const isCheck = process.argv.includes('--check');
  for (const file of await staleFiles(!isCheck)) {
    console.log(isCheck ? `${file} differs from its source; run '${command}'.` : `wrote ${file}`);
    if (isCheck) process.exitCode = 1;
  }
}
