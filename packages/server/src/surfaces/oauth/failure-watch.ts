import type { IncomingMessage } from 'node:http';
import { Provider } from 'oidc-provider';
import type { ProviderContext } from 'oidc-provider';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import type { Limiter } from '../../modules/limits/index.ts';
import { slowDown } from './oauth-errors.ts';

/** Bounds how often client authentication can fail from one address. */
export class FailureWatch {
  readonly #limiter: Pick<Limiter, 'assertUnfailing' | 'countFailure'>;
  readonly #networkOf: (request: IncomingMessage) => string;

  /** `networkOf`: where a request in hand comes from. */
  constructor(
    limiter: Pick<Limiter, 'assertUnfailing' | 'countFailure'>,
    networkOf: (request: IncomingMessage) => string,
  ) {
    this.#limiter = limiter;
    this.#networkOf = networkOf;
  }

  /**
   * Throws `slow_down` when this client failed too often from where the request in hand comes from: guessing elsewhere does not lock
   * its owner out.
   */
  beforeClient(clientId: string): void {
    const context = Provider.ctx;
    if (context === undefined || !isId('cli', clientId)) return;
    try {
      this.#limiter.assertUnfailing(clientId, this.#networkOf(context.req));
    } catch (error) {
      throw error instanceof PlatformError ? slowDown(error) : error;
    }
    context.state['watched'] = clientId;
  }

  /** Counts a failed authentication. */
  count(context: ProviderContext): void {
    const { watched } = context.state;
    if (typeof watched === 'string') this.#limiter.countFailure(watched, this.#networkOf(context.req));
  }
}
