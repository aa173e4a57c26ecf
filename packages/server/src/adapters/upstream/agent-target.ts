import type { AgentInstance, Route, UpstreamCredential } from '../../modules/routing/index.ts';
import { poolKeyOf } from './agent-pools.ts';
import type { PooledTarget } from './agent-pools.ts';
import type { EgressGuard } from './egress-guard.ts';
import { forwardTokenHeader } from './forward-token.ts';
import type { HttpWire } from './http-wire.ts';

/** Opens a credential's sealed value. Rejects when it was sealed by another key or for another agent. */
export type OpenCredential = (route: Route, credential: UpstreamCredential) => Promise<string>;

/** What is the same for all calls to one instance. */
export interface AgentTarget extends PooledTarget {
  /** Path and query of the interface URL. */
  readonly path: string;
  /** The path without a slash at its end, and the query with its question mark: what is asked below the interface goes between them. */
  readonly base: string;
  readonly query: string;
  /** Names and values in turn, the agent's own credential among them; with a body, and without one. */
  readonly headers: readonly string[];
  readonly bodilessHeaders: readonly string[];
  /** The header that the forward token travels in. */
  readonly tokenHeader: string;
  readonly tokenPrefix: string;
}

const defaultKeyHeader = 'x-api-key';

interface CalledInstance {
  readonly route: Route;
  readonly instance: AgentInstance;
}

/** Prepares calls to an instance. The agent's credential goes to the origin it was registered for and nowhere else. */
export async function targetOf(
  { route, instance }: CalledInstance,
  wire: HttpWire,
  { guard, open }: { readonly guard: EgressGuard; readonly open: OpenCredential },
): Promise<AgentTarget> {
  const url = new URL(instance.url);
  const credential = route.credential?.origin === url.origin ? route.credential : null;
  const [name, value] = credential === null ? ['', ''] : credentialHeader(credential, await open(route, credential));
  const isTaken = name === 'authorization';
  const bodilessHeaders = [...wire.headers, ...(name === '' ? [] : [name, value])];
  const pooled = { origin: url.origin, guard, isHttp2: wire.isHttp2 === true, pins: route.pinnedKeys };
  return {
    ...pooled,
    poolKey: poolKeyOf(pooled),
    path: url.pathname + url.search,
    base: url.pathname.replace(/\/$/, ''),
    query: url.search,
    headers: ['content-type', wire.bodyType, ...bodilessHeaders],
    bodilessHeaders,
    tokenHeader: isTaken ? forwardTokenHeader : 'authorization',
    tokenPrefix: isTaken ? '' : 'Bearer ',
  };
}

function credentialHeader({ kind, header }: UpstreamCredential, secret: string): [string, string] {
  if (kind === 'bearer') return ['authorization', `Bearer ${secret}`];
  return [header?.toLowerCase() ?? defaultKeyHeader, secret];
}
