import type { WireError } from '@colloquy/protocol/errors';

/** A request that is answered with an error of the protocol's table. Its texts are safe to show. */
export class AgentRefusal extends Error {
  readonly wire: WireError;

  constructor(name: WireError['name'], message: string, more: Omit<WireError, 'name' | 'message'> = {}) {
    super(message);
    this.name = 'AgentRefusal';
    this.wire = { name, message, ...more };
  }
}
