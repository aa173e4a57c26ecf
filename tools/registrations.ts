/**
 * The lists of what files declare, written by `npm run generate`: a new file is registered without a line in a shared list. A file
 * takes part by the name of its export. Files are in the order of their paths, exports in the order of their file.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);

/** A generated file: its path from the root of the repository, and what it has to hold. */
export interface GeneratedFile {
  readonly file: string;
  readonly text: string;
}

interface Found {
  readonly name: string;
  readonly file: string;
}

/** The exports of the files that match whose whole name is `name`. Throws when two files export the same name. */
function exportsIn(pattern: string, name: RegExp): readonly Found[] {
  const files = globSync(pattern, { cwd: root, exclude: ['**/*.test.ts', '**/*.gen.ts'] })
    .map((file) => file.split(path.sep).join('/'))
    .toSorted((one, other) => (one < other ? -1 : 1));
  const found = files.flatMap((file) =>
    Array.from(readFileSync(path.join(root, file), 'utf8').matchAll(/^export const (\w+)/gm), ([, exported = '']) => ({
      name: exported,
      file,
    })).filter((one) => name.test(one.name)),
  );
  for (const one of found) {
    const other = found.find((candidate) => candidate.name === one.name && candidate !== one);
    if (other !== undefined) throw new Error(`${one.file} and ${other.file} both export ${one.name}; rename one.`);
  }
  return found;
}

/** Import statements for `found`, one for each file. */
function importsOf(found: readonly Found[], from: string): readonly string[] {
  const files = [...new Set(found.map(({ file }) => file))].toSorted((one, other) => (one < other ? -1 : 1));
  return files.map((file) => {
    const names = found.filter((one) => one.file === file).map(({ name }) => name);
    const relative = path.posix.relative(path.posix.dirname(from), file);
    return `import { ${names.join(', ')} } from '${relative.startsWith('.') ? relative : `./${relative}`}';`;
  });
}

const head = (sources: string): string => `// Written by \`npm run generate\` from ${sources}. Do not edit.`;
const spread = (found: readonly Found[], indent = '  '): readonly string[] =>
  found.map(({ name }) => `${indent}...${name},`);

function declarations(): GeneratedFile {
  const file = 'packages/server/src/kernel/declarations.gen.ts';
  const folder = 'packages/server/src/kernel/declarations/*.ts';
  const errors = exportsIn(folder, /^\w+Errors$/);
  const operations = exportsIn(folder, /^\w+Operations$/);
  const actions = exportsIn(folder, /^\w+AuditActions$/);
  const limits = exportsIn('packages/server/src/kernel/limits/*.ts', /^\w+Limits$/);
  const lines = [
    head('the files of declarations and limits'),
    ...importsOf([...errors, ...operations, ...actions, ...limits], file),
    '',
    'export const errorCatalog = {',
    ...spread(errors),
    '} as const;',
    '',
    '/** Which callers may ask for which operation. */',
    'export const policyTable = {',
    ...spread(operations),
    '} as const;',
    '',
    '/** Every action that an audit entry can name: noun.verb, a past fact. May be added to, never renamed. */',
    'export const auditActions = [',
    ...spread(actions),
    '] as const;',
    '',
    'export const limits = {',
    ...spread(limits),
    '} as const;',
    '',
  ];
  return { file, text: lines.join('\n') };
}

function endpoints(): GeneratedFile {
  const file = 'packages/server/src/surfaces/admin/endpoints.gen.ts';
  const all = exportsIn('packages/server/src/surfaces/admin/*/*-endpoints.ts', /^\w+Endpoints$/);
  const isOfDataPlane = ({ name }: Found): boolean => name.endsWith('DataPlaneEndpoints');
  const lines = [
    head('the files */*-endpoints.ts'),
    ...importsOf(all, file),
    '',
    'export const controlPlaneEndpoints = [',
    ...spread(all.filter((one) => !isOfDataPlane(one))),
    '];',
    '',
    'export const dataPlaneEndpoints = [',
    ...spread(all.filter(isOfDataPlane)),
    '];',
    '',
  ];
  return { file, text: lines.join('\n') };
}

function controlStores(): GeneratedFile {
  const file = 'packages/server/src/assembly/control-plane/control-stores.gen.ts';
  const ports = exportsIn('packages/server/src/adapters/postgres/*/*.ts', /^\w+Ports$/);
  const lines = [
    head('the exports of adapters/postgres that end in Ports'),
    ...importsOf(ports, file),
    `import type { DatabasePool } from '../../adapters/postgres/pool.ts';`,
    '',
    '/** The ports of the admin API that need nothing but the database. */',
    'export function createControlStores(pool: DatabasePool) {',
    '  return {',
    ...ports.map(({ name }) => `    ...${name}(pool),`),
    '  };',
    '}',
    '',
  ];
  return { file, text: lines.join('\n') };
}

function commands(): GeneratedFile {
  const file = 'packages/cli/src/commands/index.gen.ts';
  const folder = 'packages/cli/src/commands/*.ts';
  const lists = exportsIn(folder, /^\w+Commands$/);
  const nouns = exportsIn(folder, /^\w+Nouns$/);
  const lines = [
    head('the other files of this folder'),
    `import type { Command } from '../command.ts';`,
    `import type { Nouns } from '../noun.ts';`,
    ...importsOf([...lists, ...nouns], file),
    '',
    '/** Every command but `completion`. */',
    'export const commands: readonly Command[] = [',
    ...spread(lists),
    '];',
    '',
    '/** What the help says of each noun and each one-word command. */',
    'export const nouns: Nouns = {',
    ...spread(nouns),
    '};',
    '',
  ];
  return { file, text: lines.join('\n') };
}

/** The lists of the platform and of the command line. */
export function registrations(): readonly GeneratedFile[] {
  return [declarations(), endpoints(), controlStores(), commands()];
}

interface Row {
  readonly kind: string;
  readonly retry: { readonly kind: string };
}

/** What the SDK knows of the error codes. It reads the catalogue, so the lists have to be written before. */
export async function sdkErrorCodes(): Promise<GeneratedFile> {
  const catalogue = new URL('../packages/server/src/kernel/error-catalog.ts', import.meta.url);
  const { errorCatalog } = (await import(catalogue.href)) as { readonly errorCatalog: Readonly<Record<string, Row>> };
  const rows = Object.entries(errorCatalog).map(
    ([code, { kind, retry }]) => `  '${code}': { kind: '${kind}', retry: '${retry.kind}' },`,
  );
  const lines = [
    head("the platform's error catalogue"),
    '/** Kind and retry rule of each code of the platform. */',
    'export const errorCodes = {',
    ...rows,
    '} as const;',
    '',
  ];
  return { file: 'packages/sdk/src/client/error-codes.gen.ts', text: lines.join('\n') };
}
