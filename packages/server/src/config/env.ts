/** Every environment variable the platform reads. An unknown COLLOQUY_ variable is a boot error: it is a typing mistake. */
export const variables = [
  'DATABASE_URL',
  'REDIS_URL',
  'COLLOQUY_DATABASE_ADMIN_URL',
  'COLLOQUY_DATA_DIR',
  'COLLOQUY_ENV',
  'COLLOQUY_SECRET_KEY',
  'COLLOQUY_SECRET_KEY_FILE',
  'COLLOQUY_SIGNING_KEY',
  'COLLOQUY_SIGNING_KEY_FILE',
  'COLLOQUY_ROLES',
  'COLLOQUY_REGION',
  'COLLOQUY_ROUTER_MODEL',
  'COLLOQUY_ROUTER_MODEL_URL',
  'COLLOQUY_ROUTER_MODEL_KEY',
  'COLLOQUY_HTTP_HOST',
  'COLLOQUY_HTTP_PORT',
  'COLLOQUY_OPS_HOST',
  'COLLOQUY_OPS_PORT',
  'COLLOQUY_GRPC_HOST',
  'COLLOQUY_GRPC_PORT',
  'COLLOQUY_GRPC_PUBLIC_ADDRESS',
  'COLLOQUY_GRPC_TLS_CERT_FILE',
  'COLLOQUY_GRPC_TLS_KEY_FILE',
  'COLLOQUY_PUBLIC_URL',
  'COLLOQUY_TRUSTED_PROXIES',
  'COLLOQUY_TRUSTED_PROXY_FIELDS',
  'COLLOQUY_HTTP_TLS_CERT_FILE',
  'COLLOQUY_HTTP_TLS_KEY_FILE',
  'COLLOQUY_TLS_MIN_VERSION',
  'COLLOQUY_TLS_CLIENT_CERTIFICATES',
  'COLLOQUY_TLS_CLIENT_CA_FILE',
  'COLLOQUY_CORS_ORIGINS',
  'COLLOQUY_HTTP_ALLOWED_HOSTS',
  'COLLOQUY_LOG_LEVEL',
  'COLLOQUY_EGRESS_ALLOWED_RANGES',
  'COLLOQUY_EGRESS_ALLOWED_HOSTS',
  'COLLOQUY_EGRESS_ALLOWED_PORTS',
  'COLLOQUY_CREDITS_DEFAULT_PRICE_MICROCREDITS',
  'COLLOQUY_STRANGER_REQUESTS_PER_SECOND',
  'COLLOQUY_STRANGER_BURST_REQUESTS',
  'COLLOQUY_TASK_WAIT_MS',
  'COLLOQUY_DRAIN_NOTICE_MS',
  'COLLOQUY_PROBE_INTERVAL_MS',
  'COLLOQUY_QUEUED_RUNS_MAX',
  'COLLOQUY_PUSH_CHALLENGE',
  'COLLOQUY_PUSH_RETRY_MS',
  'COLLOQUY_PUSH_ANSWER_MS',
  'COLLOQUY_AUDIT_CHECKPOINT_DIR',
  'COLLOQUY_AUDIT_CHECKPOINT_MS',
  'COLLOQUY_NODE_HEARTBEAT_MS',
  'COLLOQUY_NODE_FENCE_AFTER_MS',
  'COLLOQUY_NODE_DEAD_AFTER_MS',
  'COLLOQUY_NODE_GRACE_MS',
  'XDG_DATA_HOME',
] as const;

export type Variable = (typeof variables)[number];
export type Env = { readonly [Name in Variable]?: string };

/** Variables of ours that belong to the command line and not to the platform. */
const clientVariables = [
  'COLLOQUY_URL',
  'COLLOQUY_TENANT',
  'COLLOQUY_CLIENT_ID',
  'COLLOQUY_CLIENT_SECRET',
  'COLLOQUY_PROFILE',
];

/** The platform's variables as they are set, and the names that look like ours and are not. Empty means unset. */
export function readEnv(source: Readonly<Record<string, string | undefined>>): {
  env: Env;
  unknown: readonly string[];
} {
  const known = new Set<string>(variables);
  const env = Object.fromEntries(
    variables.flatMap((name) => (source[name] === undefined || source[name] === '' ? [] : [[name, source[name]]])),
  );
  const unknown = Object.keys(source).filter(
    (name) => name.startsWith('COLLOQUY_') && !known.has(name) && !clientVariables.includes(name),
  );
  return { env, unknown };
}
