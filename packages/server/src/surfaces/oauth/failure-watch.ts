import type { IncomingMessage } from 'node:http';
import { Provider } from 'oidc-provider';
import type { ProviderContext } from 'oidc-provider';
import type { Clock } from '../../kernel/clock.ts';
import { isId } from '../../kernel/ids.ts';
import { limits } from '../../kernel/limits.ts';
import { RateWindows } from '../http/index.ts';
import { slowDown } from './oauth-errors.ts';

/** Bounds how often somebody can fail to be a client. Counted in this process only. */
export class FailureWatch {
  readonly #failures: RateWindows;
  readonly #addressOf: (request: IncomingMessage) => string;

  /** `addressOf`: where a request in hand comes from. */
  constructor(clock: Clock, addressOf: (request: IncomingMessage) => string) {
    this.#addressOf = addressOf;
    this.#failures = new RateWindows({
      clock,
      countMax: limits.clientAuthFailuresMax,
      windowMs: limits.clientAuthFailureWindowMs,
      keysMax: limits.rateWindowsMax,
    });
  }

  /** Throws `slow_down` when this client failed too often from where the request in hand comes from. */
  beforeClient(clientId: string): void {
    const context = Provider.ctx;
    if (context === undefined || !isId('cli', clientId)) return;
    // A client from one address, so that guessing elsewhere does not lock its owner out.
    const watched = `${clientId} ${this.#addressOf(context.req)}`;
    const blockedMs = this.#failures.blockedMs(watched);
    if (blockedMs > 0) throw slowDown(blockedMs);
    context.state['watched'] = watched;
  }

  /** Counts a failed authentication. */
  count(context: ProviderContext): void {
    const { watched } = context.state;
    if (typeof watched === 'string') this.#failures.count(watched);
  }
}
