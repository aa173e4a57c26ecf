import type { AgentInstance, Route, UpstreamCredential } from '../../modules/routing/index.ts';
import { forwardTokenHeader } from './forward-token.ts';

/** Opens a credential's sealed value. Throws when it was sealed by another key or for another agent. */
export type OpenCredential = (route: Route, credential: UpstreamCredential) => string;

/** What is the same for all calls to one instance. */
export interface AgentTarget {
  readonly origin: string;
  /** Path and query of the interface URL. */
  readonly path: string;
  /** Names and values in turn, the agent's own credential among them. */
  readonly headers: readonly string[];
  /** The header that the forward token travels in. */
  readonly tokenHeader: string;
  readonly tokenPrefix: string;
}

const defaultKeyHeader = 'x-api-key';

/** Prepares calls to an instance. The agent's credential goes to the origin it was registered for and nowhere else. */
export function targetOf(route: Route, instance: AgentInstance, open: OpenCredential): AgentTarget {
  const url = new URL(instance.url);
  const credential = route.credential?.origin === url.origin ? route.credential : null;
  const [name, value] = credential === null ? ['', ''] : credentialHeader(credential, open(route, credential));
  const isTaken = name === 'authorization';
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    headers: [
      'content-type',
      'application/json',
      'accept',
      'application/json, text/event-stream',
      'accept-encoding',
      'identity',
      'a2a-version',
      '1.0',
      ...(name === '' ? [] : [name, value]),
    ],
    tokenHeader: isTaken ? forwardTokenHeader : 'authorization',
    tokenPrefix: isTaken ? '' : 'Bearer ',
  };
}

function credentialHeader({ kind, header }: UpstreamCredential, secret: string): [string, string] {
  if (kind === 'bearer') return ['authorization', `Bearer ${secret}`];
  return [header?.toLowerCase() ?? defaultKeyHeader, secret];
}
