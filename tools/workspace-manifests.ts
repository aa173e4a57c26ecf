/** What the package.json files of the workspaces say: names, exports and dependencies. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from './source-tree.ts';

type Versions = Readonly<Record<string, string>>;

/** The parts of package.json that the checks read. */
export interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, { readonly source?: string }>>;
  readonly dependencies?: Versions;
  readonly devDependencies?: Versions;
  readonly optionalDependencies?: Versions;
  readonly peerDependencies?: Versions;
}

/** Folders of packages, from the root of the repository (the root itself is ''), to their manifests. */
export type Manifests = ReadonlyMap<string, Manifest>;

/** Reads the manifests of the root and of every workspace. */
export function readManifests(root: string = repositoryRoot): Manifests {
  const folders = ['packages/*/', 'bench/', 'suites/', 'conformance/', 'examples/', 'tools/*/'];
  const files = globSync(['package.json', ...folders.map((folder) => `${folder}package.json`)], { cwd: root });
  return new Map(files.sort().map((file) => [folderOf(file), parse(path.join(root, file))]));
}

function folderOf(file: string): string {
  const folder = path.posix.dirname(file.split(path.sep).join('/'));
  return folder === '.' ? '' : `${folder}/`;
}

function parse(file: string): Manifest {
  return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
}

/** The folder of the innermost package that holds `file`. */
export function packageFolderOf(file: string, manifests: Manifests): string {
  const folders = [...manifests.keys()].filter((folder) => file.startsWith(folder));
  return folders.reduce((deepest, folder) => (folder.length > deepest.length ? folder : deepest), '');
}

/** The source file behind a workspace's export, such as `@colloquy/protocol/v1`; undefined for any other specifier. */
export function workspaceSource(specifier: string, manifests: Manifests): string | undefined {
  for (const [folder, { name, exports }] of manifests) {
    if (specifier !== name && !specifier.startsWith(`${name}/`)) continue;
    const subpath = `.${specifier.slice(name.length)}`;
    const exact = exports?.[subpath]?.source;
    const wild = exports?.['./*']?.source?.replace('*', subpath.slice(2));
    const source = exact ?? (subpath === '.' ? undefined : wild);
    if (source !== undefined) return path.posix.join(folder, source);
  }
  return undefined;
}

/** `@scope/name` or `name` of a specifier that may go deeper into the package. */
export function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
