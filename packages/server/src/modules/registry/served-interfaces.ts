import type { AgentInterface } from '@colloquy/protocol';
import { routerName } from '../../kernel/router-name.ts';

/** Where the world reaches an agent through this platform. */
export interface AgentPlace {
  /** Scheme, host, port and path prefix of the platform, without a slash at its end. */
  readonly publicUrl: string;
  /** `host:port` of the gRPC surface; null or absent when there is none to tell of. */
  readonly grpcAddress?: string | null;
  readonly tenantSlug: string;
  readonly agentName: string;
}

/** What is served at an agent's own address, in the order in which callers should prefer it. */
const servedByHttp = [
  ['1.0', 'JSONRPC'],
  ['1.0', 'HTTP+JSON'],
] as const;
/** Callers of earlier versions find these at the same address, after everything of 1.0. */
const servedToEarlier = [
  ['0.3', 'JSONRPC'],
  ['0.3', 'HTTP+JSON'],
] as const;

/** The A2A base address of an agent, or of the router. */
export function agentUrlOf({ publicUrl, tenantSlug, agentName }: AgentPlace): string {
  if (agentName === routerName) return `${publicUrl}/t/${tenantSlug}/router`;
  return `${publicUrl}/t/${tenantSlug}/agents/${agentName}`;
}

/** Every binding and version that this platform serves for an agent: the one list behind all cards. */
export function servedInterfaces(place: AgentPlace): readonly AgentInterface[] {
  const { grpcAddress = null, tenantSlug, agentName } = place;
  const url = agentUrlOf(place);
  const atUrl = ([protocolVersion, protocolBinding]: readonly [string, string]): AgentInterface => ({
    url,
    protocolBinding,
    protocolVersion,
  });
  // One port serves every agent, so here the tag tells which.
  const routingTag = `${tenantSlug}/${agentName}`;
  return [
    ...servedByHttp.map(atUrl),
    ...(grpcAddress === null
      ? []
      : [{ url: grpcAddress, protocolBinding: 'GRPC', routingTag, protocolVersion: '1.0' }]),
    ...servedToEarlier.map(atUrl),
  ];
}
