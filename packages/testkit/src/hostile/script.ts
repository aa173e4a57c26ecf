import type { errorCatalog } from '@colloquy/server/test';
import { startRawAgent } from '../raw-agent.ts';
import type { OnRequest } from '../raw-agent.ts';

/** The wires that agents speak, as protocol version and binding. */
export type HostileWire =
  '1.0 JSONRPC' | '1.0 HTTP+JSON' | '1.0 GRPC' | '0.3 JSONRPC' | '0.3 HTTP+JSON' | '0.1 JSONRPC';

/** A running agent. */
export interface HostileAgent extends AsyncDisposable {
  readonly url: string;
}

/** One way to misbehave, and how a task at such an agent has to end. */
export interface HostileScript {
  /** What the agent does: the rest of a sentence that begins with "an agent that". */
  readonly name: string;
  readonly wire: HostileWire;
  /** What its card says. */
  readonly streaming: boolean;
  /** Completed, and then paid for; or failed with this code of the error catalogue, and then for nothing. */
  readonly ends: 'completed' | keyof typeof errorCatalog;
  readonly start: () => Promise<HostileAgent>;
  /** The time that its registration allows for a task. */
  readonly taskMsMax: number;
  /** Bytes of text that it is sent. */
  readonly askBytes: number;
  /** Keeps a platform busy for so long that once is enough. */
  readonly isHeavy: boolean;
}

/** What most scripts are content with. */
export const scriptDefaults = { taskMsMax: 10_000, askBytes: 16, isHeavy: false } as const;

/** Most of the work that one task may make. */
export const heavy = { taskMsMax: 60_000, isHeavy: true } as const;

/** Enough for an agent on the same machine to be heard, and short enough to be waited for. */
export const short = { taskMsMax: 500 } as const;

type ScriptMaker<Act> = (
  name: string,
  ends: HostileScript['ends'],
  act: Act,
  more?: Partial<HostileScript>,
) => HostileScript;

/** Makes scripts of bare agents over one wire of HTTP. */
export function scriptsOver(wire: HostileWire, streaming = false): ScriptMaker<OnRequest> {
  return (name, ends, act, more = {}) => {
    return { name, wire, streaming, ends, start: () => startRawAgent(act), ...scriptDefaults, ...more };
  };
}

/** The card of an agent that speaks this wire at this address, in the words of its version. */
export function hostileCard({ wire, streaming }: Pick<HostileScript, 'wire' | 'streaming'>, url: string): object {
  const [version = '', binding = ''] = wire.split(' ');
  const common = {
    name: 'Misbehaving',
    description: 'Does something else.',
    version: '1.0.0',
    capabilities: { streaming },
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [],
  };
  if (version === '0.1') return { name: 'Misbehaving', url, version: '1', capabilities: { streaming }, skills: [] };
  if (version === '0.3') return { ...common, url, protocolVersion: '0.3.0', preferredTransport: binding };
  // A gRPC interface is a host and a port (A2A 1.0 section 8).
  const address = binding === 'GRPC' ? new URL(url).host : url;
  return { ...common, supportedInterfaces: [{ url: address, protocolBinding: binding, protocolVersion: version }] };
}
