import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildOptions, Plugin } from 'esbuild';

const serverFolder = fileURLToPath(new URL('../../', import.meta.url));
/** What the program is made of: its own source, and the dependencies, whose record npm writes with each of their changes. */
const madeOf = ['src', '../protocol/src', '../../node_modules/.package-lock.json'];
const oldFilesMax = 2;

/**
 * The platform's program as one JavaScript file, made when the source has changed since the last start; undefined where it cannot
 * be made (a folder that may not be written, an installation without the bundler). A thousand modules cost a process 45 MB and
 * half a second more than the same code in one file.
 */
export async function programInOneFile(): Promise<string | undefined> {
  const built = path.join(serverFolder, 'dist');
  try {
    // As deep below the package as the source is, so that what the code finds beside itself is found from both.
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

/** Bundling renames what would collide. That harms only who asks a class for its name, as the authorization server does of its models. */
const asksForNames = 'oidc-provider';

/**
 * Node looks at each export of a module of its own that is imported or required, and for one of `node:http` it loads a second HTTP client, which nobody here
 * uses: a twentieth of what a start costs. Who asks for the module in this way gets it as it is.
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

/** The newest ones stay: another checkout state, or a process that starts right now, may use them. */
function removeOldFolders(built: string): void {
  const folders = readdirSync(built)
    .map((name) => path.join(built, name))
    .map((folder) => ({ folder, at: statSync(folder).mtimeMs }))
    .toSorted((one, other) => other.at - one.at);
  for (const { folder } of folders.slice(oldFilesMax)) rmSync(folder, { recursive: true, force: true });
}
