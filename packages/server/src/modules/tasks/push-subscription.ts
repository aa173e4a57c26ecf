import type { TaskId, TenantId } from '../../kernel/ids.ts';

/** A push subscription as it is stored: the receiver of one task's notifications. Secrets are sealed. */
export interface NewPushSubscription {
  readonly tenantId: TenantId;
  readonly taskId: TaskId;
  /** 32 hex digits: the same for the same name at the same task. */
  readonly subscriptionId: string;
  /** The name its owner knows it by. */
  readonly configId: string;
  readonly url: string;
  /** Scheme, host and port of `url`. */
  readonly origin: string;
  /** The version of A2A whose words its notifications use. */
  readonly protocolVersion: string;
  readonly tokenSealed: Uint8Array | null;
  readonly credentialsScheme: string | null;
  readonly credentialsSealed: Uint8Array | null;
  /** Id of the principal that made it. */
  readonly createdBy: string;
}
