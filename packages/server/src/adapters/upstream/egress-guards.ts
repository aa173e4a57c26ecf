import type { Clock } from '../../kernel/clock.ts';
import type { TenantId } from '../../kernel/ids.ts';
import { keepNewest } from '../../kernel/keep-newest.ts';
import { limits } from '../../kernel/limits.ts';
import type { EgressAllowance, EgressAllowanceStore } from '../../modules/egress/index.ts';
import { EgressGuard } from './egress-guard.ts';
import type { EgressPolicy, ResolveHost } from './egress-guard.ts';

export interface EgressGuardsOptions {
  /** What is open to every tenant. */
  readonly policy: EgressPolicy;
  readonly allowances: Pick<EgressAllowanceStore, 'list'>;
  readonly clock: Clock;
  /** Answers every address of a name; that of the system when nothing is said. */
  readonly resolve?: ResolveHost;
}

interface KnownGuard {
  readonly guard: EgressGuard;
  readonly readAtMs: number;
}

/** The guard of each tenant: what is open to all, and what an operator opened to this one. Read anew after `limits.egressRefreshMs`. */
export class EgressGuards {
  readonly #options: EgressGuardsOptions;
  readonly #platform: EgressGuard;
  readonly #known = new Map<TenantId, KnownGuard>();
  readonly #reading = new Map<TenantId, Promise<EgressGuard>>();

  /** Throws TypeError for a policy with a range that is none. */
  constructor(options: EgressGuardsOptions) {
    this.#options = options;
    this.#platform = new EgressGuard(options.policy, options.resolve);
  }

  /** Rejects with `platform.unavailable` when what is open can not be read. */
  forTenant(tenantId: TenantId): Promise<EgressGuard> {
    const known = this.#known.get(tenantId);
    const { clock } = this.#options;
    if (known !== undefined && clock.monotonicMs() - known.readAtMs < limits.egressRefreshMs)
      return Promise.resolve(known.guard);
    const reading = this.#reading.get(tenantId) ?? this.#read(tenantId).finally(() => this.#reading.delete(tenantId));
    this.#reading.set(tenantId, reading);
    return reading;
  }

  /** Rejects with `egress.refused` when the text of the URL says that it may not be called for the tenant. Resolves no name. */
  async checkAddress(url: string, tenantId: TenantId): Promise<void> {
    (await this.forTenant(tenantId)).checkUrl(url);
  }

  async #read(tenantId: TenantId): Promise<EgressGuard> {
    const readAtMs = this.#options.clock.monotonicMs();
    const guard = this.#guardOf(tenantId, await this.#options.allowances.list(tenantId));
    keepNewest(this.#known, tenantId, { guard, readAtMs }, limits.egressTenantsMax);
    return guard;
  }

  /** Tenants with nothing of their own share one guard, and so connections; every other has connections to itself. */
  #guardOf(tenantId: TenantId, allowances: readonly EgressAllowance[]): EgressGuard {
    if (allowances.length === 0) return this.#platform;
    const { policy, resolve } = this.#options;
    const targetsOf = (kind: EgressAllowance['kind']): readonly string[] =>
      allowances.filter((one) => one.kind === kind).map(({ target }) => target);
    const name = `${tenantId} ${allowances.map(({ target }) => target).join(' ')} `;
    return new EgressGuard(
      {
        ...policy,
        allowedRanges: [...policy.allowedRanges, ...targetsOf('range')],
        allowedHosts: [...policy.allowedHosts, ...targetsOf('host')],
      },
      resolve,
      name,
    );
  }
}
