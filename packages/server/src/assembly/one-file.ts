import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions, Plugin } from 'esbuild';

const serverFolder = fileURLToPath(new URL('../../', import.meta.url));
/** The inputs of the program: its own source, and the record of dependencies that npm writes at each change. */
const madeOf = ['src', '../protocol/src', '../../node_modules/.package-lock.json'];
const oldFilesMax = 2;

/**
 * The platform's program as one JavaScript file. It is built when the source has changed since the last start. Undefined when it cannot be
 * built: the folder is not writable, or the bundler is not installed. A thousand modules cost a process 45 MB and half a second more than
 * the same code in one file.
 */
export async function programInOneFile(): Promise<string | undefined> {
  const built = path.join(serverFolder, 'dist');
  try {
    // As deep below the package as the source, so that relative paths in the code are right in both.
    const folder = path.join(built, fingerprintOf(madeOf.map((part) => path.join(serverFolder, part))));
    const program = path.join(folder, 'main.mjs');
    if (existsSync(program)) return program;
    mkdirSync(built, { recursive: true });
    removeOldFolders(built);
    const unfinished = `${folder}.${String(process.pid)}`;
    await build(unfinished);
    renameSync(unfinished, folder);
    return program;
  } catch {
    return undefined;
  }
}

/** SHA-256, in hex, over path, size and time of change of every file at or below these paths. */
export function fingerprintOf(roots: readonly string[]): string {
  const hash = createHash('sha256').update(process.version);
  for (const root of roots) {
    const isFolder = statSync(root).isDirectory();
    const files = isFolder ? readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted() : [''];
    for (const file of files) {
      const { size, mtimeMs } = statSync(path.join(root, file));
      hash.update(`\n${root}\t${file}\t${String(size)}\t${String(mtimeMs)}`);
    }
  }
  return hash.digest('hex').slice(0, 32);
}

/** Bundling renames classes that collide. Only the authorization server reads the names of classes, those of its models. */
const asksForNames = 'oidc-provider';

/**
 * Node reads each export of a built-in module that is imported or required. For one export of `node:http` it loads a second HTTP client,
 * which is not used here and takes a twentieth of the start. `getBuiltinModule` returns the module without reading its exports.
 */
const untouched: Plugin = {
  name: 'untouched',
  setup(bundling) {
    bundling.onResolve({ filter: /^(?:node:)?http$/ }, () => ({ path: 'node:http', namespace: 'untouched' }));
    bundling.onLoad({ filter: /^/, namespace: 'untouched' }, () => ({
      contents: "module.exports=process.getBuiltinModule('node:http')",
    }));
  },
};

async function build(folder: string): Promise<void> {
  const { build: bundle } = await import('esbuild');
  const shared: BuildOptions = {
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: `node${process.versions.node}`,
    conditions: ['source'],
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    plugins: [untouched],
    logLevel: 'silent',
  };
  const named = path.join(folder, 'named.mjs');
  const contents = `export * from '${asksForNames}'; export { default } from '${asksForNames}';`;
  await bundle({ ...shared, keepNames: true, outfile: named, stdin: { contents, resolveDir: serverFolder } });
  await bundle({
    ...shared,
    entryPoints: [path.join(serverFolder, 'src', 'main.ts')],
    outfile: path.join(folder, 'main.mjs'),
    alias: { [asksForNames]: named },
    external: ['esbuild', 'pg-native'],
    // Dependencies in CommonJS ask for Node's own modules with `require`, which a module does not have.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  rmSync(named);
}

/** The newest ones stay: another checkout, or a process that is starting, may use them. */
function removeOldFolders(built: string): void {
  const folders = readdirSync(built)
    .map((name) => path.join(built, name))
    .map((folder) => ({ folder, at: statSync(folder).mtimeMs }))
    .toSorted((one, other) => other.at - one.at);
  for (const { folder } of folders.slice(oldFilesMax)) rmSync(folder, { recursive: true, force: true });
}
