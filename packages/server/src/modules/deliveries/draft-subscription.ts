import type { TaskPushNotificationConfig } from '@colloquy/protocol';
import { PlatformError } from '../../kernel/errors.ts';
import type { IdSource, TaskId, TenantId } from '../../kernel/ids.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import type { UpstreamAddressPolicy } from '../registry/index.ts';
import type { NewPushSubscription } from '../tasks/index.ts';
import { subscriptionIdOf } from './push-subscription.ts';
import { configViolations } from './subscription-rules.ts';
import { sealSecret } from './subscription-secrets.ts';

export interface DraftPorts {
  readonly addresses: UpstreamAddressPolicy;
  readonly secretBox: SecretBox;
  readonly ids: IdSource;
}

/** The task and creator of a subscription, and the A2A version that its notifications use. */
export interface SubscriptionPlace {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  readonly createdBy: string;
  readonly protocolVersion: string;
}

/** Throws `request.invalid` for a config that cannot be used and `egress.refused` for an address that may not be called. */
export async function judgeConfig(
  { addresses }: Pick<DraftPorts, 'addresses'>,
  config: TaskPushNotificationConfig,
  { tenantId, place }: { readonly tenantId: TenantId; readonly place: string },
): Promise<void> {
  const violations = configViolations(config, place);
  if (violations.length > 0) throw new PlatformError('request.invalid', { violations });
  await addresses.checkAddress(config.url, tenantId);
}

/**
 * The id that a config has by its client's version: its own, or before A2A 1.0, where a task had one config, that of its task. Undefined where
 * the platform makes one.
 */
export function configIdIn(
  { id }: Pick<TaskPushNotificationConfig, 'id'>,
  { taskId, protocolVersion = '1.0' }: { readonly taskId: TaskId; readonly protocolVersion?: string },
): string | undefined {
  return id ?? (protocolVersion.startsWith('0.') ? taskId : undefined);
}

/** A validated config as it is stored: with an id, and its secrets sealed. */
export async function draftSubscription(
  { secretBox, ids }: Pick<DraftPorts, 'secretBox' | 'ids'>,
  config: TaskPushNotificationConfig,
  { tenantId, taskId, createdBy, protocolVersion }: SubscriptionPlace,
): Promise<NewPushSubscription> {
  const { url, token, authentication } = config;
  const configId = configIdIn(config, { taskId, protocolVersion }) ?? ids.next('psh');
  const subscriptionId = subscriptionIdOf(taskId, configId);
  const { origin } = new URL(url);
  const place = { tenantId, subscriptionId, origin };
  const credentials = authentication?.credentials;
  return {
    tenantId,
    taskId,
    subscriptionId,
    configId,
    url,
    origin,
    protocolVersion,
    tokenSealed: token === undefined ? null : await sealSecret(secretBox, 'token', token, place),
    credentialsScheme: authentication?.scheme ?? null,
    credentialsSealed:
      credentials === undefined ? null : await sealSecret(secretBox, 'credentials', credentials, place),
    createdBy,
  };
}
