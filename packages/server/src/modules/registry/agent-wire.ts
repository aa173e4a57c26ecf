import type { AgentCard, AgentInterface } from '@colloquy/protocol';
import { grpcUrlOf } from './grpc-url.ts';

/**
 * Every wire that this platform speaks to agents, as protocol version and binding. Newer versions come first, because they carry more
 * features. The upstream adapter has a client for each of them.
 */
export const agentWires = [
  '1.0 JSONRPC',
  '1.0 HTTP+JSON',
  '1.0 GRPC',
  '0.3 JSONRPC',
  '0.3 HTTP+JSON',
  '0.1 JSONRPC',
] as const;

/** A protocol version and a binding. */
export type AgentWire = (typeof agentWires)[number];

/** The interface that the platform calls an agent at. */
export interface ChosenInterface {
  /** An http or https URL; that of a gRPC interface has no path. */
  readonly url: string;
  readonly wire: AgentWire;
  /** The wire's `tenant`; null when the interface has none. */
  readonly routingTag: string | null;
}

/** `Major.Minor`; the patch number is ignored (A2A 1.0 section 3.6). */
const versionShape = /^(\d+\.\d+)(?:\.\d+)?$/;

/**
 * The interface to call: the first in the agent's order, among those of the newest version that both sides speak. Null when this
 * platform speaks none of the card's interfaces.
 */
export function chooseInterface(card: AgentCard): ChosenInterface | null {
  const spoken = spokenInterfaces(card);
  const versions = [...new Set(agentWires.map(versionOf))];
  for (const version of versions) {
    const chosen = spoken.find(({ wire }) => versionOf(wire) === version);
    if (chosen !== undefined) return chosen;
  }
  return null;
}

/** Every interface of a card that this platform speaks, in the agent's order. */
export function spokenInterfaces({ supportedInterfaces }: AgentCard): readonly ChosenInterface[] {
  return supportedInterfaces.flatMap((entry) => spokenInterface(entry) ?? []);
}

/** An interface as it is called; null for a wire that this platform does not speak, and for an invalid gRPC address. */
export function spokenInterface(entry: AgentInterface): ChosenInterface | null {
  const wire = wireOf(entry);
  const url = wire === '1.0 GRPC' ? grpcUrlOf(entry.url) : entry.url;
  return wire === null || url === null ? null : { url, wire, routingTag: entry.routingTag ?? null };
}

function wireOf({ protocolBinding, protocolVersion }: AgentInterface): AgentWire | null {
  const named = versionShape.exec(protocolVersion)?.[1] ?? '';
  // 0.3 extends 0.2, and its requests have the same format.
  const version = named === '0.2' ? '0.3' : named;
  return agentWires.find((wire) => wire === `${version} ${protocolBinding}`) ?? null;
}

function versionOf(wire: AgentWire): string {
  return wire.slice(0, wire.indexOf(' '));
}
