/**
 * Which layer may import which: the table of docs/architecture.md as data. tools/layering.ts applies it to the source.
 *
 * To allow a new arrow, change the table here and the page there in one commit, and say why in its message.
 */

/** A part of the repository with one set of rules. */
export type Layer =
  | 'protocol'
  | 'sdk'
  | 'cli'
  | 'console'
  | 'kernel'
  | 'modules'
  | 'adapters'
  | 'surfaces'
  | 'config'
  | 'assembly'
  | 'main'
  | 'testkit'
  | 'tests'
  | 'suites'
  | 'tools';

/** Where each layer lives; the first match wins. */
export const layerPaths: readonly (readonly [prefix: string, layer: Layer])[] = [
  ['packages/protocol/src/', 'protocol'],
  ['packages/sdk/src/', 'sdk'],
  ['packages/cli/src/', 'cli'],
  ['packages/console/src/', 'console'],
  ['packages/server/src/kernel/', 'kernel'],
  ['packages/server/src/modules/', 'modules'],
  ['packages/server/src/adapters/', 'adapters'],
  ['packages/server/src/surfaces/', 'surfaces'],
  ['packages/server/src/config/', 'config'],
  ['packages/server/src/assembly/', 'assembly'],
  ['packages/server/src/main.ts', 'main'],
  ['packages/testkit/src/', 'testkit'],
  ['packages/protocol/test/', 'tests'],
  ['packages/sdk/test/', 'tests'],
  ['packages/cli/test/', 'tests'],
  ['packages/server/test/', 'tests'],
  ['packages/testkit/test/', 'tests'],
  ['bench/', 'suites'],
  ['suites/', 'suites'],
  ['examples/', 'suites'],
  ['conformance/', 'suites'],
  ['tools/', 'tools'],
];

/** How far an allowed arrow reaches. */
export type Reach =
  /** Any file of the target layer. */
  | 'any'
  /** Any file, but only its types. */
  | 'types'
  /** The neutral model of the protocol package, none of its codecs. */
  | 'model'
  /** A module's public face, index.ts. */
  | 'index'
  /** Only types, and only from a module's public face. */
  | 'index-types'
  /** One's own folder; of the others, the index.ts of modules earlier in the order. */
  | 'own-or-earlier'
  /** One's own folder, and the toolkit files at the root of adapters/postgres. */
  | 'own-or-postgres-toolkit'
  /** One's own folder, surfaces/http, and the index.ts of the surfaces that {@link sharedSurfaces} names. */
  | 'own-or-http'
  /** Only the files that the server package exports. */
  | 'entry';

/** From a layer to the layers it may import; an arrow that is not here is refused. */
export const mayImport: Readonly<Record<Layer, Readonly<Partial<Record<Layer, Reach>>>>> = {
  protocol: { protocol: 'any' },
  sdk: { protocol: 'any', sdk: 'any' },
  cli: { protocol: 'types', sdk: 'any', cli: 'any' },
  console: { protocol: 'types', sdk: 'any', console: 'any' },
  kernel: { kernel: 'any' },
  modules: { protocol: 'model', kernel: 'any', modules: 'own-or-earlier' },
  adapters: { protocol: 'any', kernel: 'any', modules: 'index-types', adapters: 'own-or-postgres-toolkit' },
  surfaces: { protocol: 'any', kernel: 'any', modules: 'index', surfaces: 'own-or-http' },
  config: { kernel: 'any', config: 'any' },
  assembly: {
    protocol: 'any',
    kernel: 'any',
    modules: 'any',
    adapters: 'any',
    surfaces: 'any',
    config: 'any',
    assembly: 'any',
  },
  main: { config: 'any', assembly: 'any' },
  testkit: { protocol: 'any', sdk: 'any', assembly: 'entry', main: 'entry', testkit: 'any' },
  suites: { protocol: 'any', sdk: 'any', assembly: 'entry', main: 'entry', testkit: 'any', suites: 'any' },
  tests: {
    protocol: 'any',
    sdk: 'any',
    cli: 'any',
    kernel: 'any',
    modules: 'any',
    adapters: 'any',
    surfaces: 'any',
    config: 'any',
    assembly: 'any',
    testkit: 'any',
    tests: 'any',
    tools: 'any',
  },
  tools: { tools: 'any' },
};

/** Surfaces that serve the audience of another one in other bytes, and so share what it does with a call. */
export const sharedSurfaces: ReadonlyMap<string, readonly string[]> = new Map([['grpc', ['a2a']]]);

/**
 * Each module may use those before it. A module that is not listed may use all of these, and no module uses it. `audit` and
 * `metering` record what other modules pass them and read nothing of those modules.
 */
export const moduleOrder: readonly string[] = [
  'tenancy',
  'audit',
  'secrets',
  'egress',
  'metering',
  'prices',
  'budgets',
  'alerts',
  'access',
  'limits',
  'api-keys',
  'issuers',
  'people',
  'trust',
  'registry',
  'instances',
  'resilience',
  'routing',
  'results',
  'sla',
  'usage',
  'tasks',
  'deliveries',
  'events',
  'workflows',
  'gateway',
];

/** Layers that are pure: no I/O, no clock, no randomness, no package but those of {@link purePackages}. */
export const pureLayers: ReadonlySet<Layer> = new Set(['protocol', 'kernel', 'modules']);

/** What the pure layers may take from Node all the same: functions of their arguments alone. */
export const pureBuiltins: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['node:crypto', new Set(['createHash', 'hash', 'timingSafeEqual'])],
]);

/** Packages that are functions of their arguments alone, and the folders of the pure layers that may import them. */
export const purePackages: ReadonlyMap<string, readonly string[]> = new Map([
  ['jose', ['packages/protocol/src/signing/']],
  ['protobufjs', ['packages/protocol/src/grpc/']],
]);

/** Layers whose code may not touch these globals; what they need of them arrives as an argument. */
export const guardedLayers: ReadonlySet<Layer> = new Set(['kernel', 'modules']);

/** Globals that the guarded layers may not touch, with what to do instead. */
export const guardedGlobals: ReadonlyMap<string, string> = new Map([
  ['process', 'take configuration as an argument'],
  ['setTimeout', 'waiting arrives as an argument (kernel Clock)'],
  ['setInterval', 'waiting arrives as an argument (kernel Clock)'],
  ['setImmediate', 'waiting arrives as an argument (kernel Clock)'],
  ['queueMicrotask', 'waiting arrives as an argument (kernel Clock)'],
  ['performance', 'time arrives as an argument (kernel Clock)'],
  ['crypto', 'randomness arrives as an argument (kernel Random)'],
  ['fetch', 'calls leave through a port implemented in adapters/upstream'],
  ['console', 'return a value or call a port'],
  ['globalThis', 'name what you need as an argument'],
]);

/** Members of globals that the guarded layers may not touch. */
export const guardedMembers: ReadonlyMap<string, string> = new Map([
  ['Date.now', 'time arrives as an argument (kernel Clock)'],
  ['Math.random', 'randomness arrives as an argument (kernel Random)'],
]);

/** Packages that only these folders may import, so that a reviewer finds all of their use in one place. */
export const packageHomes: ReadonlyMap<string, readonly string[]> = new Map([
  ['pg', ['packages/server/src/adapters/postgres/', 'packages/server/src/adapters/embedded-postgres/']],
  [
    'undici',
    [
      'packages/server/src/adapters/upstream/',
      'packages/server/src/adapters/webhooks/',
      'suites/chaos/clients/',
      'bench/process/caller-proof.ts',
    ],
  ],
  ['fastify', ['packages/server/src/surfaces/', 'packages/server/src/assembly/']],
  ['@redis/client', ['packages/server/src/adapters/redis/']],
  ['oidc-provider', ['packages/server/src/surfaces/oauth/']],
  ['@grpc/grpc-js', ['packages/server/src/surfaces/grpc/', 'conformance/bindings/']],
  ['pino', ['packages/server/src/adapters/telemetry/']],
  ['prom-client', ['packages/server/src/adapters/telemetry/']],
]);
