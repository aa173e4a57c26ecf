import type { AgentInterface } from '@colloquy/protocol';
import { routerName } from '../../kernel/router-name.ts';

/** The address of an agent on this platform. */
export interface AgentPlace {
  /** Scheme, host, port and path prefix of the platform, without a slash at its end. */
  readonly publicUrl: string;
  /** `host:port` of the gRPC surface; null or absent when there is none. */
  readonly grpcAddress?: string | null;
  readonly tenantSlug: string;
  readonly agentName: string;
}

/** The HTTP interfaces at an agent's address, in order of preference. */
const servedByHttp = [
  ['1.0', 'JSONRPC'],
  ['1.0', 'HTTP+JSON'],
] as const;
/** The interfaces of earlier versions at the same address, listed after those of 1.0. */
const servedToEarlier = [
  ['0.3', 'JSONRPC'],
  ['0.3', 'HTTP+JSON'],
] as const;

/**
 * The A2A base address of an agent, or of the router. Official clients resolve `.well-known/agent-card.json` against it as a relative
 * reference, which keeps the agent's name only before a slash.
 */
export function agentUrlOf(place: AgentPlace): string {
  return `${interfaceUrlOf(place)}/`;
}

/** Without a slash at its end, because clients of HTTP+JSON append paths that begin with one. */
function interfaceUrlOf({ publicUrl, tenantSlug, agentName }: AgentPlace): string {
  if (agentName === routerName) return `${publicUrl}/t/${tenantSlug}/router`;
  return `${publicUrl}/t/${tenantSlug}/agents/${agentName}`;
}

/** Every binding and version that this platform serves for an agent; all cards use this list. */
export function servedInterfaces(place: AgentPlace): readonly AgentInterface[] {
  const { grpcAddress = null, tenantSlug, agentName } = place;
  const url = interfaceUrlOf(place);
  const atUrl = ([protocolVersion, protocolBinding]: readonly [string, string]): AgentInterface => ({
    url,
    protocolBinding,
    protocolVersion,
  });
  // One gRPC port serves every agent; the routing tag selects the agent.
  const routingTag = `${tenantSlug}/${agentName}`;
  return [
    ...servedByHttp.map(atUrl),
    ...(grpcAddress === null
      ? []
      : [{ url: grpcAddress, protocolBinding: 'GRPC', routingTag, protocolVersion: '1.0' }]),
    ...servedToEarlier.map(atUrl),
  ];
}
