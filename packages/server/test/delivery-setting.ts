import { systemClock } from '../src/adapters/clock/system-clock.ts';
import { forwardTokenSigner, KeyVault } from '../src/adapters/keys/index.ts';
import { EgressGuard } from '../src/adapters/upstream/egress-guard.ts';
import { createWebhooks } from '../src/assembly/duties/deliveries.ts';
import type { Webhooks } from '../src/assembly/duties/deliveries.ts';
import { configOf } from '../src/config/config.ts';
import { issuer, key } from './delegation-setting.ts';

const loopback = new EgressGuard({
  allowedRanges: ['127.0.0.0/8', '::1/128'],
  allowedHosts: [],
  ownPorts: () => new Set(),
  ownAddresses: () => [],
});

/** What tells receivers on this machine, wired as production wires it. */
export function createSettingWebhooks(guard: EgressGuard = loopback): Webhooks {
  const vault = new KeyVault(Buffer.alloc(32, 5));
  const foundation = { config: configOf({}, [], false), clock: systemClock, publicUrl: issuer };
  return createWebhooks(foundation, {
    keys: { vault, secretBox: vault },
    signForwardToken: forwardTokenSigner(issuer, { current: key }),
    guards: {
      forTenant: () => Promise.resolve(guard),
      checkAddress: async (url) => void guard.checkUrl(url),
    },
  });
}
