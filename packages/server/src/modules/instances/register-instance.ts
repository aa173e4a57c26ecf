import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource, InstanceId } from '../../kernel/ids.ts';
import { auditEntryBy } from '../audit/index.ts';
import { credentialOriginOf, spokenInterface, spokenInterfaces } from '../registry/index.ts';
import type { CardInUse, CardStore, ChosenInterface, UpstreamAddressPolicy } from '../registry/index.ts';
import { slugProblem } from '../tenancy/index.ts';
import { effectivePolicy, isGuarded } from '../trust/index.ts';
import type { TrustStore } from '../trust/index.ts';
import { settingViolations } from './instance-rules.ts';
import type { InstanceStore } from './instance-store.ts';
import type { InstanceSettings, NewInstance } from './instance.ts';

/** The address and the settings of a new instance. */
export interface InstanceRegistration extends InstanceSettings {
  readonly url: string;
  readonly protocolVersion: string;
  readonly protocolBinding: string;
  readonly routingTag: string | null;
}

export interface InstancePorts {
  readonly instances: InstanceStore;
  readonly cardStore: CardStore;
  readonly addresses: UpstreamAddressPolicy;
  readonly trust: TrustStore;
  readonly ids: IdSource;
}

/**
 * Registers an instance through the API; it stays until it is removed. Throws `request.invalid`, `registry.agent-unknown`,
 * `registry.interface-unsupported`, `registry.credential-bound`, `registry.instance-exists`, `registry.instances-too-many` and `egress.refused`.
 */
export function registerInstance(ports: InstancePorts) {
  return async (
    caller: Caller,
    agentName: string,
    input: InstanceRegistration & { readonly weight: number | null },
  ): Promise<InstanceId> => {
    const { chosen } = await judgePlace(ports, caller, agentName, input);
    return place(ports, caller, agentName, {
      ...newInstance(ports, caller, input, chosen),
      weight: input.weight,
      leaseMs: null,
      admission: { state: 'active', reason: null },
    });
  };
}

/**
 * Registers an instance with a lease that it must renew. An instance at an origin that the agent's card does not name starts in quarantine,
 * when a card with that origin would need approval. Throws as `registerInstance`.
 */
export function serveInstance(ports: InstancePorts) {
  return async (
    caller: Caller,
    agentName: string,
    input: InstanceRegistration & { readonly leaseMs: number },
  ): Promise<InstanceId> => {
    const { chosen, inUse } = await judgePlace(ports, caller, agentName, input);
    return place(ports, caller, agentName, {
      ...newInstance(ports, caller, input, chosen),
      weight: null,
      leaseMs: input.leaseMs,
      admission: (await mustWait(ports, caller, inUse, chosen))
        ? { state: 'quarantined', reason: 'The card of the agent does not lead to this address.' }
        : { state: 'active', reason: null },
    });
  };
}

async function judgePlace(
  ports: InstancePorts,
  caller: Caller,
  agentName: string,
  input: InstanceRegistration,
): Promise<{ readonly chosen: ChosenInterface; readonly inUse: CardInUse }> {
  const violations = [...settingViolations(input), ...urlViolations(input)];
  if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
  const tenantId = caller.tenant.id;
  const inUse = slugProblem(agentName) === null ? await ports.cardStore.findInUse(tenantId, agentName) : null;
  if (inUse === null) throw new PlatformError('registry.agent-unknown');
  const { protocolBinding, protocolVersion, url, routingTag } = input;
  const chosen = spokenInterface({
    url,
    protocolBinding,
    protocolVersion,
    ...(routingTag === null ? {} : { routingTag }),
  });
  if (chosen === null) throw new PlatformError('registry.interface-unsupported');
  const { credentialOrigin } = inUse;
  if (credentialOrigin !== null && credentialOrigin !== credentialOriginOf(chosen))
    throw new PlatformError('registry.credential-bound');
  await ports.addresses.checkAddress(chosen.url, tenantId);
  return { chosen, inUse };
}

/** A gRPC address is a bare `host:port`, and is validated when it is parsed. */
function urlViolations({ url, protocolBinding }: InstanceRegistration) {
  const parsed = URL.parse(url);
  const isWeb = parsed !== null && ['http:', 'https:'].includes(parsed.protocol) && parsed.hash === '';
  return isWeb || protocolBinding === 'GRPC'
    ? []
    : [{ field: 'url', description: 'must be an absolute http or https URL without a fragment' }];
}

async function mustWait(
  { trust }: InstancePorts,
  caller: Caller,
  inUse: CardInUse,
  chosen: ChosenInterface,
): Promise<boolean> {
  const origins = spokenInterfaces(inUse.card).map(credentialOriginOf);
  if (origins.includes(credentialOriginOf(chosen))) return false;
  const { approval } = effectivePolicy(await trust.findPolicy(caller.tenant.id), inUse.policy);
  return isGuarded(approval, inUse.signature);
}

function newInstance({ ids }: InstancePorts, caller: Caller, input: InstanceRegistration, chosen: ChosenInterface) {
  const { version, region, slotsMax } = input;
  return { instanceId: ids.next('ins'), ...chosen, version, region, slotsMax, registeredBy: caller.principal.id };
}

async function place(
  { instances, ids }: InstancePorts,
  caller: Caller,
  agentName: string,
  instance: NewInstance,
): Promise<InstanceId> {
  const { url, wire, admission } = instance;
  const entry = auditEntryBy(caller, ids, {
    action: 'instance.registered',
    outcome: 'succeeded',
    resource: `agents/${agentName}`,
    facts: { origin: credentialOriginOf({ url }), wire, admission: admission.state },
  });
  const placed = await instances.place(caller.tenant.id, agentName, instance, entry);
  if (placed === 'agent-unknown') throw new PlatformError('registry.agent-unknown');
  if (placed === 'exists') throw new PlatformError('registry.instance-exists');
  if (placed === 'too-many') throw new PlatformError('registry.instances-too-many');
  return placed;
}
