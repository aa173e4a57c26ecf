import { homedir } from 'node:os';
import { join } from 'node:path';
import { isIP } from 'node:net';
import { limits } from '../kernel/limits.ts';
import { readSecretKeys } from '../kernel/secret-key.ts';
import type { Env } from './env.ts';
import { settings } from './settings.ts';
import type { ChoiceSetting, ChoicesSetting, IntegerVariable, Variable } from './settings.ts';

export type Role = (typeof settings.COLLOQUY_ROLES.values)[number];
export type LogLevel = (typeof settings.COLLOQUY_LOG_LEVEL.values)[number];

/** Where to listen. When `isPortFixed` is false, a busy port is replaced by a free one. */
export interface ListenConfig {
  readonly host: string;
  readonly port: number;
  readonly isPortFixed: boolean;
}

/** PEM files of a listener. */
export interface TlsFilesConfig {
  readonly certFile: string;
  readonly keyFile: string;
}

/** The port of everything but gRPC. */
export interface HttpConfig extends ListenConfig {
  /** Null: plain HTTP. */
  readonly tls: TlsFilesConfig | null;
  /** Origins whose pages may read answers, each exact. None: no page may. */
  readonly corsOrigins: readonly string[];
  /** Further host names that requests from this machine may name. */
  readonly allowedHosts: readonly string[];
}

/** The TLS settings of all listeners. */
export interface TlsConfig {
  readonly isTls12Allowed: boolean;
  /** Clients are asked for a certificate, and may have none. */
  readonly asksForCertificates: boolean;
  /** PEM file of the authorities that issue certificates of clients. Null: none. */
  readonly clientCaFile: string | null;
}

/** The gRPC port. */
export interface GrpcConfig extends ListenConfig {
  /** `host:port` by which callers reach it, for the cards. Null: the address listened on, when the platform has no public URL either. */
  readonly publicAddress: string | null;
  /** Null: plain HTTP/2. */
  readonly tls: TlsFilesConfig | null;
}

/** A family of header fields in which proxies describe the connection of the client. */
export type ProxyFields = (typeof settings.COLLOQUY_TRUSTED_PROXY_FIELDS.values)[number];

/** How the platform runs. No secret is in here, so it can be shown. */
export interface Config {
  readonly roles: ReadonlySet<Role>;
  readonly dataDir: string;
  /** With real data: the platform does not start with a key that lies beside the data. */
  readonly isProduction: boolean;
  /** Where the secret key is read from; null: the environment, or a file in the data directory that is made when it is missing. */
  readonly secretKeyFile: string | null;
  /** The file with the signing keys; null: the environment, or else the database. */
  readonly signingKeyFile: string | null;
  readonly database: { readonly kind: 'embedded' } | { readonly kind: 'external' };
  readonly http: HttpConfig;
  readonly ops: ListenConfig;
  /** Null: off. */
  readonly grpc: GrpcConfig | null;
  readonly tls: TlsConfig;
  /** Public base URL without a trailing slash: issuer and audience of tokens. Null: the address listened on, for one process. */
  readonly publicUrl: string | null;
  /** Where this process runs, as its operator names it; null: not configured. */
  readonly region: string | null;
  /** The model that chooses among skills for the router; null: none, and no message is shown to one. */
  readonly routerModel: { readonly url: string; readonly model: string } | null;
  readonly logLevel: LogLevel;
  /** Trusted proxies, as addresses and ranges, and the header fields that they set. */
  readonly proxies: { readonly ranges: readonly string[]; readonly fields: ReadonlySet<ProxyFields> };
  readonly egress: {
    readonly allowedRanges: readonly string[];
    readonly allowedHosts: readonly string[];
    /** As `443` or `8000-8999`; empty: every port but those of services that are no agents. */
    readonly allowedPorts: readonly string[];
  };
  readonly defaultPriceMicrocredits: bigint;
  /** Tasks from the queues of agents that this process works on at once. */
  readonly queuedRunsMax: number;
  /** Bytes held for all tenants; null: by V8's heap limit. */
  readonly heldBytesMax: number | null;
  /** How long a task may wait for its caller. */
  readonly taskWaitMs: number;
  /** How long a stopping process still serves while `/ready` answers 503. */
  readonly drainNoticeMs: number;
  /** Unauthenticated requests of one address. */
  readonly unauthenticated: { readonly perSecond: number; readonly burst: number };
  /** Between two probes of an agent's instance that is in use; 0: only agents with a policy of their own are probed. */
  readonly probeIntervalMs: number;
  readonly push: {
    /** A receiver must answer a challenge before its first notification. */
    readonly isChallenging: boolean;
    /** Delay before the second attempt of a notification; it doubles with each. */
    readonly retryMs: number;
    /** Time a receiver has to answer. */
    readonly answerMs: number;
  };
  readonly audit: {
    /** Where signed checkpoints of the audit chains are written: out of reach of logins that can write to the database. */
    readonly checkpointDir: string;
    /** How long a chain may grow without one. */
    readonly checkpointMs: number;
  };
  readonly lease: {
    readonly heartbeatMs: number;
    readonly fenceAfterMs: number;
    readonly deadAfterMs: number;
    readonly graceMs: number;
  };
}

/** Everything wrong with the environment, in one go. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration has ${String(problems.length)} mistake(s):\n  ${problems.join('\n  ')}`);
    this.problems = problems;
  }
}

/** The environment as a configuration. Throws a ConfigError that lists every mistake with its variable's name. */
export function configOf(env: Env, unknown: readonly string[], isRoot: boolean): Config {
  const problems = unknown.map((name) => `${name}: there is no such variable.`);
  const read = new Reader(env, problems);
  const isEmbedded = env.DATABASE_URL === undefined;
  const dataDir = env.COLLOQUY_DATA_DIR ?? defaultDataDir(isRoot, env.XDG_DATA_HOME);
  const isProduction = !isEmbedded || read.choice('COLLOQUY_ENV', settings.COLLOQUY_ENV) === 'production';
  const ranges = 'COLLOQUY_EGRESS_ALLOWED_RANGES';
  const config: Config = {
    roles: read.choices('COLLOQUY_ROLES', settings.COLLOQUY_ROLES),
    dataDir,
    isProduction,
    secretKeyFile: env.COLLOQUY_SECRET_KEY_FILE ?? null,
    signingKeyFile: env.COLLOQUY_SIGNING_KEY_FILE ?? null,
    database: { kind: isEmbedded ? 'embedded' : 'external' },
    http: read.http(),
    ops: read.listen('OPS'),
    grpc: read.grpc(),
    tls: read.tls(),
    publicUrl: read.baseUrl('COLLOQUY_PUBLIC_URL'),
    region: read.region('COLLOQUY_REGION'),
    routerModel: read.routerModel(),
    logLevel: read.choice('COLLOQUY_LOG_LEVEL', settings.COLLOQUY_LOG_LEVEL),
    proxies: read.proxies(),
    egress: {
      // On a laptop the agents are on the same machine; in production every private range has to be allowed by name.
      allowedRanges: isProduction ? read.list(ranges) : read.list(ranges, settings[ranges].default.split(',')),
      allowedHosts: read.list('COLLOQUY_EGRESS_ALLOWED_HOSTS'),
      allowedPorts: read.ports('COLLOQUY_EGRESS_ALLOWED_PORTS'),
    },
    defaultPriceMicrocredits: BigInt(read.integer('COLLOQUY_CREDITS_DEFAULT_PRICE_MICROCREDITS')),
    queuedRunsMax: read.integer('COLLOQUY_QUEUED_RUNS_MAX'),
    heldBytesMax: read.integer('COLLOQUY_HELD_BYTES_MAX') || null,
    taskWaitMs: read.integer('COLLOQUY_TASK_WAIT_MS'),
    drainNoticeMs: read.integer(
      'COLLOQUY_DRAIN_NOTICE_MS',
      env.COLLOQUY_TRUSTED_PROXIES === undefined ? settings.COLLOQUY_DRAIN_NOTICE_MS.default : limits.drainNoticeMs,
    ),
    unauthenticated: {
      perSecond: read.integer('COLLOQUY_STRANGER_REQUESTS_PER_SECOND'),
      burst: read.integer('COLLOQUY_STRANGER_BURST_REQUESTS'),
    },
    probeIntervalMs: read.integer('COLLOQUY_PROBE_INTERVAL_MS'),
    push: {
      isChallenging: read.choice('COLLOQUY_PUSH_CHALLENGE', settings.COLLOQUY_PUSH_CHALLENGE) === 'on',
      retryMs: read.integer('COLLOQUY_PUSH_RETRY_MS'),
      answerMs: read.integer('COLLOQUY_PUSH_ANSWER_MS'),
    },
    audit: {
      checkpointDir: env.COLLOQUY_AUDIT_CHECKPOINT_DIR ?? join(dataDir, 'audit-checkpoints'),
      checkpointMs: read.integer('COLLOQUY_AUDIT_CHECKPOINT_MS'),
    },
    lease: {
      heartbeatMs: read.integer('COLLOQUY_NODE_HEARTBEAT_MS'),
      fenceAfterMs: read.integer('COLLOQUY_NODE_FENCE_AFTER_MS'),
      deadAfterMs: read.integer('COLLOQUY_NODE_DEAD_AFTER_MS'),
      graceMs: read.integer('COLLOQUY_NODE_GRACE_MS'),
    },
  };
  problems.push(...contradictionsOf(config, env));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** Mistakes that involve several variables. */
function contradictionsOf(config: Config, env: Env): readonly string[] {
  const contradictions: string[] = [];
  // A proxy writes one of them and lets a client's own pass in the other.
  if (config.proxies.fields.has('x-forwarded') && config.proxies.fields.has('forwarded'))
    contradictions.push('COLLOQUY_TRUSTED_PROXY_FIELDS must name x-forwarded or forwarded, not both.');
  const hasTls = config.http.tls !== null || (config.grpc !== null && config.grpc.tls !== null);
  if (config.tls.asksForCertificates && !hasTls)
    contradictions.push('COLLOQUY_TLS_CLIENT_CERTIFICATES needs a listener with TLS; set COLLOQUY_HTTP_TLS_CERT_FILE.');
  if (config.tls.clientCaFile !== null && !config.tls.asksForCertificates && !config.proxies.fields.has('client-cert'))
    contradictions.push(
      'COLLOQUY_TLS_CLIENT_CA_FILE is for COLLOQUY_TLS_CLIENT_CERTIFICATES=ask, or for proxies that tell of certificates.',
    );
  if (config.lease.heartbeatMs * 2 > config.lease.fenceAfterMs)
    contradictions.push('COLLOQUY_NODE_FENCE_AFTER_MS must be at least twice COLLOQUY_NODE_HEARTBEAT_MS.');
  if (config.lease.fenceAfterMs >= config.lease.deadAfterMs)
    contradictions.push('COLLOQUY_NODE_DEAD_AFTER_MS must be more than COLLOQUY_NODE_FENCE_AFTER_MS.');
  if (config.database.kind === 'embedded' && env.COLLOQUY_DATABASE_ADMIN_URL !== undefined)
    contradictions.push('COLLOQUY_DATABASE_ADMIN_URL is only for an external database; set DATABASE_URL as well.');
  contradictions.push(...secretKeyProblems(env, config));
  if (env.COLLOQUY_SIGNING_KEY !== undefined && env.COLLOQUY_SIGNING_KEY_FILE !== undefined)
    contradictions.push('COLLOQUY_SIGNING_KEY and COLLOQUY_SIGNING_KEY_FILE cannot both be set.');
  // Each process would name itself in its tokens and refuse those of the others. Port 0 says that one process is alone.
  if (config.database.kind === 'external' && env.COLLOQUY_PUBLIC_URL === undefined && config.http.port !== 0)
    contradictions.push(
      'COLLOQUY_PUBLIC_URL must be set with an external database, unless COLLOQUY_HTTP_PORT is 0: the address by which callers reach the platform, the same for every process.',
    );
  if (env.REDIS_URL !== undefined && !/^rediss?:$/.test(URL.parse(env.REDIS_URL)?.protocol ?? ''))
    contradictions.push('REDIS_URL must be like redis://host:6379 or rediss://host:6379.');
  return contradictions;
}

/** A key beside the data would be stolen with it, and a weak one can be guessed. */
function secretKeyProblems(env: Env, { isProduction }: Config): readonly string[] {
  const { COLLOQUY_SECRET_KEY: text, COLLOQUY_SECRET_KEY_FILE: file } = env;
  if (text !== undefined && file !== undefined)
    return ['COLLOQUY_SECRET_KEY and COLLOQUY_SECRET_KEY_FILE cannot both be set.'];
  if (text === undefined && file === undefined && isProduction)
    return [
      'COLLOQUY_SECRET_KEY or COLLOQUY_SECRET_KEY_FILE must be set with an external database and in production: 32 random bytes as base64, the same for every process.',
    ];
  const problem = text === undefined ? null : readSecretKeys(text).problem;
  return problem === null ? [] : [`COLLOQUY_SECRET_KEY: ${problem}.`];
}

/** `/var/lib/colloquy` for root, the XDG data home otherwise. */
function defaultDataDir(isRoot: boolean, xdgDataHome: string | undefined): string {
  return isRoot ? '/var/lib/colloquy' : join(xdgDataHome ?? join(homedir(), '.local', 'share'), 'colloquy');
}

class Reader {
  readonly #env: Env;
  readonly #problems: string[];

  constructor(env: Env, problems: string[]) {
    this.#env = env;
    this.#problems = problems;
  }

  integer(name: IntegerVariable, fallback: number = settings[name].default): number {
    const text = this.#env[name];
    if (text === undefined) return fallback;
    const { min, max } = settings[name];
    const value = Number(text);
    if (/^\d{1,16}$/.test(text) && value >= min && value <= max) return value;
    this.#problems.push(`${name}: must be an integer from ${String(min)} to ${String(max)}.`);
    return fallback;
  }

  list(name: Variable, fallback: readonly string[] = []): readonly string[] {
    return this.#env[name]?.split(',').map((item) => item.trim()) ?? fallback;
  }

  choice<Value extends string>(name: Variable, { values, default: fallback }: ChoiceSetting<Value>): Value {
    return this.#oneOf(name, this.#env[name] ?? fallback, values);
  }

  choices<Value extends string>(name: Variable, { values, default: fallback }: ChoicesSetting<Value>): Set<Value> {
    return new Set(this.list(name, fallback).map((word) => this.#oneOf(name, word, values)));
  }

  #addressRanges(name: Variable): readonly string[] {
    const ranges = this.list(name);
    const wrong = ranges.find((range) => !isAddressRange(range));
    if (wrong !== undefined) this.#problems.push(`${name}: "${wrong}" is not like 10.0.0.1, 10.0.0.0/8 or fd00::/8.`);
    return ranges;
  }

  region(name: Variable): string | null {
    const text = this.#env[name] ?? null;
    if (text !== null && (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text) || text === 'own'))
      this.#problems.push(`${name}: must be lower-case letters, digits and hyphens, and not "own".`);
    return text;
  }

  routerModel(): Config['routerModel'] {
    const { COLLOQUY_ROUTER_MODEL: model, COLLOQUY_ROUTER_MODEL_URL: url, COLLOQUY_ROUTER_MODEL_KEY: key } = this.#env;
    if (model === undefined && url === undefined && key === undefined) return null;
    const parsed = URL.parse(url ?? '');
    const isPlain = parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.search + parsed.hash === '';
    if (!isPlain || parsed.username !== '')
      this.#problems.push('COLLOQUY_ROUTER_MODEL_URL: must be like https://models.example.org/v1.');
    if (model === undefined || !/^[\x21-\x7e]{1,200}$/.test(model))
      this.#problems.push('COLLOQUY_ROUTER_MODEL: must name the model to ask at COLLOQUY_ROUTER_MODEL_URL.');
    return { url: url ?? '', model: model ?? '' };
  }

  ports(name: Variable): readonly string[] {
    const ports = this.list(name);
    const isRange = (text: string): boolean => {
      const [first = '', last = first, ...rest] = text.split('-');
      const fits = [first, last].every((port) => /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535);
      return fits && rest.length === 0 && Number(first) <= Number(last);
    };
    if (!ports.every(isRange)) this.#problems.push(`${name}: must be ports and ranges like 443,8000-8999.`);
    return ports;
  }

  #oneOf<Value extends string>(name: Variable, value: string, allowed: readonly Value[]): Value {
    const found = allowed.find((one) => one === value);
    if (found !== undefined) return found;
    this.#problems.push(`${name}: "${value}" is not one of ${allowed.join(', ')}.`);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- never used: a problem was noted, and every list has an item
    return allowed[0] as Value;
  }

  listen(listener: 'HTTP' | 'OPS' | 'GRPC'): ListenConfig {
    const hostName = `COLLOQUY_${listener}_HOST` as const;
    const portName = `COLLOQUY_${listener}_PORT` as const;
    const host = this.#env[hostName] ?? settings[hostName].default;
    return { host, port: this.integer(portName), isPortFixed: this.#env[portName] !== undefined };
  }

  http(): HttpConfig {
    return {
      ...this.listen('HTTP'),
      tls: this.#tlsFiles('COLLOQUY_HTTP_TLS_CERT_FILE', 'COLLOQUY_HTTP_TLS_KEY_FILE'),
      corsOrigins: this.#origins('COLLOQUY_CORS_ORIGINS'),
      allowedHosts: this.list('COLLOQUY_HTTP_ALLOWED_HOSTS').map((host) => host.toLowerCase()),
    };
  }

  tls(): TlsConfig {
    const { COLLOQUY_TLS_MIN_VERSION: version, COLLOQUY_TLS_CLIENT_CERTIFICATES: asking } = settings;
    return {
      isTls12Allowed: this.choice('COLLOQUY_TLS_MIN_VERSION', version) === '1.2',
      asksForCertificates: this.choice('COLLOQUY_TLS_CLIENT_CERTIFICATES', asking) === 'ask',
      clientCaFile: this.#env.COLLOQUY_TLS_CLIENT_CA_FILE ?? null,
    };
  }

  proxies(): Config['proxies'] {
    const fields = this.choices('COLLOQUY_TRUSTED_PROXY_FIELDS', settings.COLLOQUY_TRUSTED_PROXY_FIELDS);
    return { ranges: this.#addressRanges('COLLOQUY_TRUSTED_PROXIES'), fields };
  }

  grpc(): GrpcConfig | null {
    if (this.#env.COLLOQUY_GRPC_PORT === 'off') return null;
    return {
      ...this.listen('GRPC'),
      publicAddress: this.#hostAndPort('COLLOQUY_GRPC_PUBLIC_ADDRESS'),
      tls: this.#tlsFiles('COLLOQUY_GRPC_TLS_CERT_FILE', 'COLLOQUY_GRPC_TLS_KEY_FILE'),
    };
  }

  #tlsFiles(certName: Variable, keyName: Variable): TlsFilesConfig | null {
    const { [certName]: certFile, [keyName]: keyFile } = this.#env;
    if ((certFile === undefined) !== (keyFile === undefined))
      this.#problems.push(`${certName} and ${keyName} must be set both or not at all.`);
    return certFile === undefined || keyFile === undefined ? null : { certFile, keyFile };
  }

  /** Exact origins (RFC 6454): a wildcard, a path or `null` is none. */
  #origins(name: Variable): readonly string[] {
    const origins = this.list(name);
    const wrong = origins.find((origin) => URL.parse(origin)?.origin !== origin);
    if (wrong !== undefined) this.#problems.push(`${name}: "${wrong}" is not like https://console.example.org.`);
    return origins;
  }

  #hostAndPort(name: Variable): string | null {
    const text = this.#env[name];
    if (text === undefined) return null;
    const url = URL.parse(`https://${text}`);
    if (url !== null && url.origin === `https://${text.replace(/:443$/, '')}` && /:\d{1,5}$/.test(text)) return text;
    this.#problems.push(`${name}: must be like agents.example.org:4802.`);
    return null;
  }

  baseUrl(name: Variable): string | null {
    const text = this.#env[name];
    if (text === undefined) return null;
    const url = URL.parse(text);
    const isPlain =
      url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '' && url.username === '';
    if (isPlain && url.pathname === '/') return url.origin;
    this.#problems.push(`${name}: must be like https://agents.example.org, without a path.`);
    return null;
  }
}

function isAddressRange(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = address.includes('%') ? 0 : isIP(address);
  if (version === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}
