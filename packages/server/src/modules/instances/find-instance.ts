import type { Caller } from '../../kernel/caller.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isId } from '../../kernel/ids.ts';
import { slugProblem } from '../tenancy/index.ts';
import type { InstanceAddress, InstanceStore } from './instance-store.ts';
import type { RegisteredInstance } from './instance.ts';

/** The address of an instance of the caller's tenant; throws `registry.instance-unknown` for invalid names and ids. */
export function addressOf(caller: Caller, agentName: string, instanceId: string): InstanceAddress {
  if (slugProblem(agentName) !== null || !isId('ins', instanceId)) throw new PlatformError('registry.instance-unknown');
  return { tenantId: caller.tenant.id, agentName, instanceId };
}

/** An instance of an agent of the caller's tenant; throws `registry.instance-unknown`. */
export function getInstance({ instances }: { readonly instances: InstanceStore }) {
  return async (caller: Caller, agentName: string, instanceId: string): Promise<RegisteredInstance> => {
    const found = await instances.find(addressOf(caller, agentName, instanceId));
    if (found === null) throw new PlatformError('registry.instance-unknown');
    return found;
  };
}
