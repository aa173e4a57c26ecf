import { limits } from '../kernel/limits.ts';

/** A whole number within bounds. */
export interface IntegerSetting {
  readonly type: 'integer';
  readonly unit: string;
  readonly default: number;
  readonly min: number;
  readonly max: number;
}

/** One of these words. */
export interface ChoiceSetting<Value extends string = string> {
  readonly type: 'choice';
  readonly values: readonly Value[];
  readonly default: Value;
}

/** Several of these words, separated by commas. */
export interface ChoicesSetting<Value extends string = string> {
  readonly type: 'choices';
  readonly values: readonly Value[];
  readonly default: readonly Value[];
}

/** A text, or several separated by commas. */
export interface TextSetting {
  readonly type: 'text' | 'list' | 'URL' | 'file' | 'folder' | 'secret';
  /** Null: not set. */
  readonly default: string | null;
}

export type Setting = (IntegerSetting | ChoiceSetting | ChoicesSetting | TextSetting) & {
  readonly group:
    | 'Process'
    | 'Database and keys'
    | 'Listeners and TLS'
    | 'Proxies'
    | 'Agents'
    | 'Tasks and limits'
    | 'Notifications'
    | 'Audit'
    | 'Leases of nodes';
  /** What it sets, and what follows from it. */
  readonly about: string;
  readonly example?: string;
  /** When the default is another one. */
  readonly otherwise?: string;
};

const minuteMs = 60_000;
const unset = { default: null } as const;
const port = { type: 'integer', unit: 'port', min: 0, max: 65_535 } as const;
const loopback = { type: 'text', default: '127.0.0.1' } as const;
const certFile = 'PEM file with the certificate of';

/**
 * Every environment variable that the platform reads. The reader takes types, defaults and bounds from here, and
 * docs/reference/configuration.md is written from it. An unknown COLLOQUY_ variable stops the start: it is a typing mistake.
 */
export const settings = {
  COLLOQUY_ROLES: {
    group: 'Process',
    type: 'choices',
    values: ['gateway', 'control', 'worker'],
    default: ['gateway', 'control', 'worker'],
    about:
      'What this process does: gateway serves agents, control serves OAuth and the admin API, worker works in the background.',
  },
  COLLOQUY_ENV: {
    group: 'Process',
    type: 'choice',
    values: ['development', 'production'],
    default: 'development',
    otherwise: 'With `DATABASE_URL` the platform always runs as in production.',
    about: 'In production the start needs a secret key, and no private address, loopback included, is open to agents.',
  },
  COLLOQUY_PUBLIC_URL: {
    group: 'Process',
    type: 'URL',
    default: null,
    otherwise:
      'A process on the embedded database uses the address that it listens at, and accepts tokens of the other processes on its data.',
    about:
      'The address at which clients reach the platform: issuer and audience of its tokens, the same for every process. Required with `DATABASE_URL`, unless `COLLOQUY_HTTP_PORT` is 0.',
    example: 'https://agents.example.org',
  },
  COLLOQUY_REGION: {
    group: 'Process',
    type: 'text',
    ...unset,
    about: 'Where this process runs. Agents whose routing prefers `own` get instances of this region.',
    example: 'eu-west',
  },
  COLLOQUY_LOG_LEVEL: {
    group: 'Process',
    type: 'choice',
    values: ['fatal', 'error', 'warn', 'info', 'debug', 'silent'],
    default: 'info',
    about: 'The lowest level that is logged.',
  },
  COLLOQUY_DRAIN_NOTICE_MS: {
    group: 'Process',
    type: 'integer',
    unit: 'ms',
    default: 0,
    otherwise: `${String(limits.drainNoticeMs)} when \`COLLOQUY_TRUSTED_PROXIES\` is set.`,
    min: 0,
    max: limits.drainNoticeMsMax,
    about:
      'For this long a stopping process answers 503 at `/ready` and serves on, so that proxies send to the others.',
  },
  DATABASE_URL: {
    group: 'Database and keys',
    type: 'secret',
    ...unset,
    otherwise: 'The platform starts its own PostgreSQL.',
    about:
      'The PostgreSQL of the platform, version 15 or newer. `COLLOQUY_SECRET_KEY` and `COLLOQUY_PUBLIC_URL` are then required.',
    example: 'postgres://colloquy:secret@db.example.org/colloquy',
  },
  COLLOQUY_DATABASE_ADMIN_URL: {
    group: 'Database and keys',
    type: 'secret',
    ...unset,
    otherwise: '`DATABASE_URL` is used for everything.',
    about:
      'A login that owns the database and may create roles. It migrates, and makes the less privileged login that `DATABASE_URL` names.',
  },
  REDIS_URL: {
    group: 'Database and keys',
    type: 'secret',
    ...unset,
    otherwise: 'Both are in PostgreSQL.',
    about: 'A Redis in which processes share rates and cached results.',
    example: 'rediss://redis.example.org:6379',
  },
  COLLOQUY_DATA_DIR: {
    group: 'Database and keys',
    type: 'folder',
    default: '~/.local/share/colloquy',
    otherwise: '`/var/lib/colloquy` for root; below `XDG_DATA_HOME` when that is set.',
    about: 'The embedded database, its key file and audit checkpoints.',
  },
  XDG_DATA_HOME: {
    group: 'Database and keys',
    type: 'folder',
    ...unset,
    about:
      'The data folder of the user, a convention of the operating system; read when `COLLOQUY_DATA_DIR` is not set.',
  },
  COLLOQUY_SECRET_KEY: {
    group: 'Database and keys',
    type: 'secret',
    ...unset,
    otherwise: 'A file in the data folder, in development only.',
    about:
      'Keys of 32 random bytes in base64, the newest first, the same for every process. They seal credentials and signing keys. Make one with `openssl rand -base64 32`.',
  },
  COLLOQUY_SECRET_KEY_FILE: {
    group: 'Database and keys',
    type: 'file',
    ...unset,
    about: 'A file with these keys, readable by its owner only, instead of `COLLOQUY_SECRET_KEY`.',
  },
  COLLOQUY_SIGNING_KEY: {
    group: 'Database and keys',
    type: 'secret',
    ...unset,
    otherwise: 'The platform makes signing keys and stores them sealed.',
    about: 'Private keys (PEM, P-256) that sign tokens and cards, the newest first.',
  },
  COLLOQUY_SIGNING_KEY_FILE: {
    group: 'Database and keys',
    type: 'file',
    ...unset,
    about: 'A file with these keys, instead of `COLLOQUY_SIGNING_KEY`.',
  },
  COLLOQUY_HTTP_HOST: {
    group: 'Listeners and TLS',
    ...loopback,
    about: 'The address at which the platform listens; `0.0.0.0` in a container.',
  },
  COLLOQUY_HTTP_PORT: {
    group: 'Listeners and TLS',
    ...port,
    default: 4800,
    about: 'Its port. A port that is set has to be free; a default one that is busy is replaced by a free one.',
  },
  COLLOQUY_HTTP_TLS_CERT_FILE: {
    group: 'Listeners and TLS',
    type: 'file',
    ...unset,
    otherwise: 'Plain HTTP.',
    about: `${certFile} this listener. Set it together with \`COLLOQUY_HTTP_TLS_KEY_FILE\`.`,
  },
  COLLOQUY_HTTP_TLS_KEY_FILE: {
    group: 'Listeners and TLS',
    type: 'file',
    ...unset,
    about: 'PEM file with its private key.',
  },
  COLLOQUY_HTTP_ALLOWED_HOSTS: {
    group: 'Listeners and TLS',
    type: 'list',
    ...unset,
    about: 'Further host names that requests from this machine may use while the platform listens on loopback only.',
    example: 'colloquy.test',
  },
  COLLOQUY_CORS_ORIGINS: {
    group: 'Listeners and TLS',
    type: 'list',
    ...unset,
    otherwise: 'No page may.',
    about: 'Origins whose pages may read answers, each exact.',
    example: 'https://console.example.org',
  },
  COLLOQUY_OPS_HOST: {
    group: 'Listeners and TLS',
    ...loopback,
    about: 'The address at which health and metrics are served to operators.',
  },
  COLLOQUY_OPS_PORT: { group: 'Listeners and TLS', ...port, default: 4801, about: 'Its port.' },
  COLLOQUY_GRPC_HOST: { group: 'Listeners and TLS', ...loopback, about: 'The address at which gRPC is served.' },
  COLLOQUY_GRPC_PORT: {
    group: 'Listeners and TLS',
    ...port,
    default: 4802,
    otherwise: '`off` serves no gRPC.',
    about: 'Its port.',
  },
  COLLOQUY_GRPC_PUBLIC_ADDRESS: {
    group: 'Listeners and TLS',
    type: 'text',
    ...unset,
    otherwise: 'Cards name the address listened at; with `COLLOQUY_PUBLIC_URL` they name none.',
    about: 'Host and port at which clients reach gRPC, for the cards.',
    example: 'agents.example.org:443',
  },
  COLLOQUY_GRPC_TLS_CERT_FILE: {
    group: 'Listeners and TLS',
    type: 'file',
    ...unset,
    otherwise: 'Plain HTTP/2.',
    about: `${certFile} the gRPC listener. Set it together with \`COLLOQUY_GRPC_TLS_KEY_FILE\`.`,
  },
  COLLOQUY_GRPC_TLS_KEY_FILE: {
    group: 'Listeners and TLS',
    type: 'file',
    ...unset,
    about: 'PEM file with its private key.',
  },
  COLLOQUY_TLS_MIN_VERSION: {
    group: 'Listeners and TLS',
    type: 'choice',
    values: ['1.2', '1.3'],
    default: '1.3',
    about: 'The lowest version of TLS that listeners accept.',
  },
  COLLOQUY_TLS_CLIENT_CERTIFICATES: {
    group: 'Listeners and TLS',
    type: 'choice',
    values: ['off', 'ask'],
    default: 'off',
    about: '`ask`: listeners with TLS ask clients for a certificate; a client may have none.',
  },
  COLLOQUY_TLS_CLIENT_CA_FILE: {
    group: 'Listeners and TLS',
    type: 'file',
    ...unset,
    about: 'PEM file with the authorities that issue the certificates of clients.',
  },
  COLLOQUY_TRUSTED_PROXIES: {
    group: 'Proxies',
    type: 'list',
    ...unset,
    otherwise: 'No proxy is trusted.',
    about: 'Addresses and ranges of the proxies before the platform.',
    example: '10.0.0.1,10.1.0.0/16',
  },
  COLLOQUY_TRUSTED_PROXY_FIELDS: {
    group: 'Proxies',
    type: 'choices',
    values: ['x-forwarded', 'forwarded', 'client-cert'],
    default: ['x-forwarded'],
    about: 'Header fields that trusted proxies set. `x-forwarded` and `forwarded` exclude each other.',
  },
  COLLOQUY_EGRESS_ALLOWED_RANGES: {
    group: 'Agents',
    type: 'list',
    default: '127.0.0.0/8,::1/128',
    otherwise: 'In production none: only public addresses over https.',
    about: 'Private networks in which agents may be.',
    example: '10.20.0.0/16,fd00::/8',
  },
  COLLOQUY_EGRESS_ALLOWED_HOSTS: {
    group: 'Agents',
    type: 'list',
    ...unset,
    about: 'Host names that may be called at private addresses, and over http too.',
    example: 'agents.internal.example.org',
  },
  COLLOQUY_EGRESS_ALLOWED_PORTS: {
    group: 'Agents',
    type: 'list',
    ...unset,
    otherwise: 'Every port but those of common services that are no agents.',
    about: 'Ports that may be called.',
    example: '443,8000-8999',
  },
  COLLOQUY_PROBE_INTERVAL_MS: {
    group: 'Agents',
    type: 'integer',
    unit: 'ms',
    default: limits.instanceProbeMs,
    min: 0,
    max: 60 * minuteMs,
    about: 'Time between two probes of an instance in use; 0: only instances of agents with a probe policy are probed.',
  },
  COLLOQUY_ROUTER_MODEL_URL: {
    group: 'Agents',
    type: 'URL',
    ...unset,
    otherwise: 'No model sees a message.',
    about: 'An API like the one of OpenAI, for the router. Set it together with `COLLOQUY_ROUTER_MODEL`.',
    example: 'https://models.example.org/v1',
  },
  COLLOQUY_ROUTER_MODEL: {
    group: 'Agents',
    type: 'text',
    ...unset,
    about: 'The model that chooses among the skills that match the words of a message.',
  },
  COLLOQUY_ROUTER_MODEL_KEY: {
    group: 'Agents',
    type: 'secret',
    ...unset,
    about: 'The key of that API, if it needs one.',
  },
  COLLOQUY_CREDITS_DEFAULT_PRICE_MICROCREDITS: {
    group: 'Tasks and limits',
    type: 'integer',
    unit: 'micro-credits',
    default: 1_000_000,
    min: 0,
    max: limits.amountMicrocreditsMax,
    about: 'The price of a task of an agent without a price of its own.',
  },
  COLLOQUY_STRANGER_REQUESTS_PER_SECOND: {
    group: 'Tasks and limits',
    type: 'integer',
    unit: 'requests per second',
    default: limits.unauthenticatedRequestsPerSecondDefault,
    min: 1,
    max: limits.requestsPerSecondMax,
    about: 'Unauthenticated requests of one address; further ones are answered 429.',
  },
  COLLOQUY_STRANGER_BURST_REQUESTS: {
    group: 'Tasks and limits',
    type: 'integer',
    unit: 'requests',
    default: limits.unauthenticatedBurstRequestsDefault,
    min: 1,
    max: limits.requestsPerSecondMax,
    about: 'The same at once.',
  },
  COLLOQUY_QUEUED_RUNS_MAX: {
    group: 'Tasks and limits',
    type: 'integer',
    unit: 'tasks',
    default: limits.queuedRunsMax,
    min: 1,
    max: 100_000,
    about: 'Queued tasks that this process works on at once; further ones stay queued.',
  },
  COLLOQUY_HELD_BYTES_MAX: {
    group: 'Tasks and limits',
    type: 'integer',
    unit: 'bytes',
    default: 0,
    otherwise: `0 stands for an eighth of the heap limit of Node.js, at most ${String(limits.heldBytesMax)}.`,
    min: 0,
    max: 16 * 1024 * 1024 * 1024,
    about:
      'Bytes of answers from agents, answers to callers and notifications that this process holds for all tenants. At the bound agents are read later, and further large answers wait or are refused.',
  },
  COLLOQUY_TASK_WAIT_MS: {
    group: 'Tasks and limits',
    type: 'integer',
    unit: 'ms',
    default: limits.taskWaitMs,
    min: 1_000,
    max: 10 * 365 * 24 * 60 * minuteMs,
    about: 'A task that waits longer for its caller fails as task.expired.',
  },
  COLLOQUY_PUSH_CHALLENGE: {
    group: 'Notifications',
    type: 'choice',
    values: ['off', 'on'],
    default: 'off',
    about: '`on`: a receiver has to answer a challenge before its first notification.',
  },
  COLLOQUY_PUSH_RETRY_MS: {
    group: 'Notifications',
    type: 'integer',
    unit: 'ms',
    default: limits.deliveryRetryMsMin,
    min: 10,
    max: limits.deliveryRetryMsMax,
    about: 'The delay before the second attempt of a notification; it doubles with each.',
  },
  COLLOQUY_PUSH_ANSWER_MS: {
    group: 'Notifications',
    type: 'integer',
    unit: 'ms',
    default: limits.deliveryMs,
    min: 50,
    max: limits.deliveryMsMax,
    about: 'Time that a receiver has to answer.',
  },
  COLLOQUY_AUDIT_CHECKPOINT_DIR: {
    group: 'Audit',
    type: 'folder',
    ...unset,
    otherwise: '`audit-checkpoints` in the data folder.',
    about:
      'Where signed checkpoints of the audit chains are written. Keep it out of reach of logins that can write to the database.',
  },
  COLLOQUY_AUDIT_CHECKPOINT_MS: {
    group: 'Audit',
    type: 'integer',
    unit: 'ms',
    default: limits.auditCheckpointMs,
    min: 100,
    max: 60 * minuteMs,
    about: 'A chain that has grown gets a checkpoint after this time.',
  },
  COLLOQUY_NODE_HEARTBEAT_MS: {
    group: 'Leases of nodes',
    type: 'integer',
    unit: 'ms',
    default: limits.heartbeatMs,
    min: 50,
    max: minuteMs,
    about: 'A node renews its lease this often.',
  },
  COLLOQUY_NODE_FENCE_AFTER_MS: {
    group: 'Leases of nodes',
    type: 'integer',
    unit: 'ms',
    default: limits.nodeFenceAfterMs,
    min: 100,
    max: 10 * minuteMs,
    about: 'A node that could not renew for this long ends its calls and writes. At least twice the heartbeat.',
  },
  COLLOQUY_NODE_DEAD_AFTER_MS: {
    group: 'Leases of nodes',
    type: 'integer',
    unit: 'ms',
    default: limits.nodeDeadAfterMs,
    min: 200,
    max: 15 * minuteMs,
    about: 'A node whose last renewal is older is dead, and other nodes take its tasks over. More than the fence time.',
  },
  COLLOQUY_NODE_GRACE_MS: {
    group: 'Leases of nodes',
    type: 'integer',
    unit: 'ms',
    default: limits.reaperGraceMs,
    min: 0,
    max: 15 * minuteMs,
    about: 'No node is declared dead before the database has been up for this long.',
  },
} as const satisfies Readonly<Record<string, Setting>>;

export type Variable = keyof typeof settings;

/** The variables with a whole number. */
export type IntegerVariable = {
  [Name in Variable]: (typeof settings)[Name]['type'] extends 'integer' ? Name : never;
}[Variable];

/** Variables of ours that only the command line reads. */
export const clientSettings = {
  COLLOQUY_URL: 'Address of the platform.',
  COLLOQUY_TENANT: 'Tenant to act in.',
  COLLOQUY_CLIENT_ID: 'Client to act as.',
  COLLOQUY_CLIENT_SECRET: 'Secret of that client.',
  COLLOQUY_PROFILE: 'Profile that provides the rest; `default` when it is not set.',
} as const;
