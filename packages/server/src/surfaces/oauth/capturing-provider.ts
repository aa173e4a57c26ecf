import { Provider } from 'oidc-provider';
import type { GrantHandler } from 'oidc-provider';

const handlers = new WeakMap<object, Map<string, GrantHandler>>();

/** A provider whose own grants can be built upon: they are registered while it is made, by the public way. */
export class CapturingProvider extends Provider {
  override registerGrantType(
    name: string,
    handler: GrantHandler,
    parameters?: Iterable<string>,
    repeatable?: Iterable<string>,
  ): void {
    const known = handlers.get(this) ?? new Map<string, GrantHandler>();
    handlers.set(this, known.set(name, handler));
    // A client may say of its own token who alone may act on it (RFC 8693 section 4.4).
    const more = name === 'client_credentials' ? ['may_act'] : [];
    super.registerGrantType(name, handler, new Set([...(parameters ?? []), ...more]), repeatable);
  }

  /** The handler of a grant that is on. */
  handlerOf(name: string): GrantHandler {
    const handler = handlers.get(this)?.get(name);
    if (handler === undefined) throw new TypeError(`There is no grant ${name}.`);
    return handler;
  }
}
