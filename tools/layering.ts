/** Applies the import table of layering-rules.ts to the source. */
import path from 'node:path';
import type { SourceFile } from 'typescript/unstable/ast';
import { findCycles } from './cycles.ts';
import { guardedUsesIn } from './guarded-names.ts';
import {
  guardedLayers,
  layerPaths,
  mayImport,
  moduleOrder,
  packageHomes,
  pureBuiltins,
  pureLayers,
  purePackages,
  sharedSurfaces,
} from './layering-rules.ts';
import type { Layer, Reach } from './layering-rules.ts';
import { importsOf } from './source-imports.ts';
import type { ImportSite } from './source-imports.ts';
import { withTrees } from './source-tree.ts';
import type { Sources } from './source-tree.ts';
import { packageFolderOf, packageName, workspaceSource } from './workspace-manifests.ts';
import type { Manifests } from './workspace-manifests.ts';

/** One place where the source breaks the rules. */
export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** What a check found. */
export interface LayeringReport {
  readonly violations: readonly Violation[];
  /** The arrows that the source really has, `from → to`, each once: the table as it is used. */
  readonly arrows: ReadonlySet<string>;
}

interface Importer {
  readonly file: string;
  readonly layer: Layer;
  readonly isTest: boolean;
}

/** The layer of a file; undefined for files that no rule covers. */
export function layerOf(file: string): Layer | undefined {
  return layerPaths.find(([prefix]) => file.startsWith(prefix))?.[1];
}

/** Checks every file of `sources`. */
export function checkLayering(sources: Sources, manifests: Manifests): LayeringReport {
  const violations: Violation[] = [];
  const arrows = new Set<string>();
  const graph = new Map<string, readonly string[]>();
  withTrees(sources, (trees) => {
    for (const [file, tree] of trees) {
      const layer = layerOf(file);
      if (layer === undefined) {
        violations.push({ file, line: 1, message: 'lies in no layer; name its folder in tools/layering-rules.ts' });
        continue;
      }
      const importer = { file, layer, isTest: file.endsWith('.test.ts') };
      const { targets, problems } = checkImports(importer, importsOf(tree), manifests);
      graph.set(file, targets);
      for (const target of targets) arrows.add(`${layer} → ${layerOf(target) ?? target}`);
      violations.push(...problems, ...checkPurity(importer, tree), ...checkComments(importer, tree.text));
    }
  });
  for (const cycle of findCycles(graph)) {
    violations.push({ file: cycle[0] ?? '', line: 1, message: `imports itself in a circle: ${cycle.join(' → ')}` });
  }
  return { violations, arrows };
}

function checkImports(importer: Importer, sites: readonly ImportSite[], manifests: Manifests) {
  const targets: string[] = [];
  const problems: Violation[] = [];
  for (const site of sites) {
    const { target, message } = judge(importer, site, manifests);
    if (target !== undefined) targets.push(target);
    if (message !== undefined) problems.push({ file: importer.file, line: site.line, message });
  }
  return { targets, problems };
}

interface Judgement {
  /** The file of ours that is imported, if it is one of ours. */
  readonly target?: string;
  readonly message?: string | undefined;
}

function judge(importer: Importer, site: ImportSite, manifests: Manifests): Judgement {
  const { specifier } = site;
  if (specifier === undefined) return judgeComputed(importer);
  if (specifier.startsWith('.')) {
    const target = path.posix.join(path.posix.dirname(importer.file), specifier);
    return {
      target,
      message: leavesPackage(importer, target, manifests) ?? refusal(importer, target, site, manifests),
    };
  }
  if (specifier.startsWith('node:')) return { message: judgeBuiltin(importer, specifier, site) };
  const target = workspaceSource(specifier, manifests);
  if (target !== undefined) return { target, message: refusal(importer, target, site, manifests) };
  return { message: judgePackage(importer, specifier, manifests) };
}

function judgeComputed({ layer, isTest }: Importer): Judgement {
  const mayCompute = isTest || layer === 'tools' || layer === 'tests' || layer === 'testkit' || layer === 'suites';
  return mayCompute
    ? {}
    : { message: 'computes what it imports, so the layering check cannot see it; import by a literal name' };
}

/** Files of another package are reached by its name, so that its exports decide what is public. */
function leavesPackage(importer: Importer, target: string, manifests: Manifests): string | undefined {
  const home = packageFolderOf(importer.file, manifests);
  if (home === packageFolderOf(target, manifests) || layerOf(target) === 'tools') return undefined;
  return `reaches into another package by a path (${target}); import it by its name`;
}

function refusal(importer: Importer, target: string, site: ImportSite, manifests: Manifests): string | undefined {
  const to = layerOf(target);
  if (to === undefined) return target.endsWith('.json') ? undefined : `imports ${target}, which lies in no layer`;
  if (importer.isTest && (to === 'testkit' || to === 'tests')) return undefined;
  const reach = mayImport[importer.layer][to];
  if (reach === undefined) return `${importer.layer} may not import ${to} (${target})`;
  return explainReach[reach]({ from: importer.file, target, site, manifests });
}

interface Arrow {
  readonly from: string;
  readonly target: string;
  readonly site: ImportSite;
  readonly manifests: Manifests;
}

/** Per reach: why an arrow goes too far, or undefined when it does not. */
const explainReach: Readonly<Record<Reach, (arrow: Arrow) => string | undefined>> = {
  any: () => undefined,
  types: ({ target, site }) => (site.typesOnly ? undefined : `may take only types from ${target}`),
  model: ({ target }) =>
    target.startsWith('packages/protocol/src/model/')
      ? undefined
      : 'may know the neutral model only; wire versions belong to the surfaces and to adapters/upstream',
  index: ({ target }) => explainIndex(target),
  'index-types': ({ target, site }) =>
    explainIndex(target) ?? (site.typesOnly ? undefined : `may take only types from ${target}`),
  'own-or-earlier': ({ from, target }) => explainModules(from, target),
  'own-or-postgres-toolkit': ({ from, target }) => {
    const isToolkit = path.posix.dirname(target) === 'packages/server/src/adapters/postgres';
    return sameFolder(from, target) || isToolkit ? undefined : 'adapters do not import one another; declare a port';
  },
  'own-or-http': ({ from, target }) => {
    if (sameFolder(from, target) || folderBelowLayer(target) === 'http') return undefined;
    const isShared = sharedSurfaces.get(folderBelowLayer(from))?.includes(folderBelowLayer(target)) === true;
    return isShared ? explainIndex(target) : 'a surface may import no other surface but surfaces/http';
  },
  entry: ({ target, manifests }) =>
    isExported(target, manifests) ? undefined : `${target} is no entry of the server package`,
};

function explainIndex(target: string): string | undefined {
  return path.posix.basename(target) === 'index.ts' ? undefined : `a module is imported by its index.ts, not ${target}`;
}

function explainModules(from: string, target: string): string | undefined {
  const [own, other] = [folderBelowLayer(from), folderBelowLayer(target)];
  if (own === other) return undefined;
  const [ownPlace, otherPlace] = [moduleOrder.indexOf(own), moduleOrder.indexOf(other)];
  // A module that is not listed comes after all that are.
  if (otherPlace < 0 || (ownPlace >= 0 && otherPlace > ownPlace))
    return `the module ${own} comes before ${other} and may not use it`;
  return explainIndex(target);
}

/** The folder directly below the layer: the module, the adapter or the surface. */
function folderBelowLayer(file: string): string {
  return file.split('/')[4] ?? '';
}

function sameFolder(from: string, target: string): boolean {
  return folderBelowLayer(from) === folderBelowLayer(target);
}

function isExported(target: string, manifests: Manifests): boolean {
  const folder = packageFolderOf(target, manifests);
  const entries = Object.values(manifests.get(folder)?.exports ?? {});
  return entries.some(({ source }) => source !== undefined && path.posix.join(folder, source) === target);
}

function judgeBuiltin({ layer, isTest }: Importer, specifier: string, site: ImportSite): string | undefined {
  if (isTest || !pureLayers.has(layer)) return undefined;
  const pure = layer === 'protocol' ? undefined : pureBuiltins.get(specifier);
  const impure = site.names?.filter((name) => pure?.has(name) !== true);
  if (pure !== undefined && impure?.length === 0) return undefined;
  return `${layer} is pure and may not import ${[specifier, ...(impure ?? [])].join(' ')}`;
}

function judgePackage(importer: Importer, specifier: string, manifests: Manifests): string | undefined {
  const name = packageName(specifier);
  const { file, layer, isTest } = importer;
  if (isTest || layer === 'tests' || layer === 'tools' || layer === 'testkit') {
    return isNamedAnywhere(name, manifests) ? undefined : `no package.json of ours names ${name}`;
  }
  const isPure = purePackages.get(name)?.some((home) => file.startsWith(home)) === true;
  if (pureLayers.has(layer) && !isPure) return `${layer} is pure and may not import the package ${name}`;
  const homes = packageHomes.get(name);
  if (homes !== undefined && !homes.some((home) => file.startsWith(home))) {
    return `${name} may be imported only below ${homes.join(', ')}`;
  }
  const own = manifests.get(packageFolderOf(file, manifests));
  const runtime = { ...own?.dependencies, ...own?.optionalDependencies, ...own?.peerDependencies };
  return name in runtime ? undefined : `${name} is not among the dependencies of this package`;
}

/** Tests are never published, so they may use whatever is installed for any workspace. */
function isNamedAnywhere(name: string, manifests: Manifests): boolean {
  return [...manifests.values()].some(
    ({ dependencies, devDependencies, optionalDependencies }) =>
      name in { ...dependencies, ...devDependencies, ...optionalDependencies },
  );
}

function checkPurity({ file, layer, isTest }: Importer, tree: SourceFile): readonly Violation[] {
  if (isTest || !guardedLayers.has(layer)) return [];
  return guardedUsesIn(tree).map(({ line, name, instead }) => ({
    file,
    line,
    message: `${layer} may not touch ${name}: ${instead}`,
  }));
}

/** A comment must not switch off what this check stands for. */
function checkComments({ file, layer }: Importer, text: string): readonly Violation[] {
  if (layer === 'tools' || layer === 'tests') return [];
  const switchesOff = /(?:oxlint|eslint)-disable[^\n]*(?:no-restricted-|no-cycle)/;
  return text.split('\n').flatMap((line, index) => {
    const message = 'switches off a layering rule by a comment; change the code or the table';
    return switchesOff.test(line) ? [{ file, line: index + 1, message }] : [];
  });
}
