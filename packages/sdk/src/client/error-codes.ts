import type { ErrorKind } from './error-kinds.ts';

/** Kind and retry rule of an error code. */
export interface PlatformErrorRow {
  readonly kind: ErrorKind;
  /** Whether a retry can help; the answer says how long to wait. */
  readonly retry: 'never' | 'same-request' | 'after';
}

/** Every code the platform of this version answers with. Codes are stable: they are added, never renamed or reused. */
const rows = {
  'request.invalid': { kind: 'invalid', retry: 'never' },
  'request.too-large': { kind: 'too-large', retry: 'never' },
  'request.unsupported-media-type': { kind: 'invalid', retry: 'never' },
  'request.rate-limited': { kind: 'rate-limited', retry: 'after' },
  'request.foreign-host': { kind: 'forbidden', retry: 'never' },
  'limits.quota-used': { kind: 'rate-limited', retry: 'after' },
  'results.terms-unknown': { kind: 'not-found', retry: 'never' },
  'results.too-many': { kind: 'precondition', retry: 'never' },
  'sla.objective-unknown': { kind: 'not-found', retry: 'never' },
  'sla.tier-unknown': { kind: 'not-found', retry: 'never' },
  'sla.too-many': { kind: 'precondition', retry: 'never' },
  'limits.unknown': { kind: 'not-found', retry: 'never' },
  'limits.too-many': { kind: 'precondition', retry: 'never' },
  'request.unknown-address': { kind: 'not-found', retry: 'never' },
  'access.unauthenticated': { kind: 'unauthenticated', retry: 'never' },
  'access.proof-invalid': { kind: 'unauthenticated', retry: 'never' },
  'access.proof-nonce-needed': { kind: 'unauthenticated', retry: 'same-request' },
  'access.scope-missing': { kind: 'forbidden', retry: 'never' },
  'access.client-exists': { kind: 'conflict', retry: 'never' },
  'access.client-unknown': { kind: 'not-found', retry: 'never' },
  'access.client-secret-limit': { kind: 'precondition', retry: 'never' },
  'access.client-secret-unknown': { kind: 'not-found', retry: 'never' },
  'access.client-has-no-secret': { kind: 'precondition', retry: 'never' },
  'access.authority-exists': { kind: 'conflict', retry: 'never' },
  'access.authority-unknown': { kind: 'not-found', retry: 'never' },
  'access.authority-limit': { kind: 'precondition', retry: 'never' },
  'access.key-unknown': { kind: 'not-found', retry: 'never' },
  'access.key-rotating': { kind: 'conflict', retry: 'never' },
  'access.api-key-unknown': { kind: 'not-found', retry: 'never' },
  'access.api-key-limit': { kind: 'precondition', retry: 'never' },
  'access.issuer-unknown': { kind: 'not-found', retry: 'never' },
  'access.issuer-exists': { kind: 'conflict', retry: 'never' },
  'access.issuer-limit': { kind: 'precondition', retry: 'never' },
  'access.issuer-unreachable': { kind: 'unprocessable', retry: 'same-request' },
  'people.person-exists': { kind: 'conflict', retry: 'never' },
  'people.person-unknown': { kind: 'not-found', retry: 'never' },
  'access.grant-unknown': { kind: 'not-found', retry: 'never' },
  'access.grant-limit': { kind: 'precondition', retry: 'never' },
  'access.keys-elsewhere': { kind: 'precondition', retry: 'never' },
  'access.stop-unknown': { kind: 'not-found', retry: 'never' },
  'tenancy.tenant-exists': { kind: 'conflict', retry: 'never' },
  'tenancy.tenant-unknown': { kind: 'not-found', retry: 'never' },
  'registry.agent-unknown': { kind: 'not-found', retry: 'never' },
  'registry.agent-exists': { kind: 'conflict', retry: 'never' },
  'registry.card-invalid': { kind: 'invalid', retry: 'never' },
  'registry.card-unreachable': { kind: 'unprocessable', retry: 'same-request' },
  'registry.card-signature-invalid': { kind: 'invalid', retry: 'never' },
  'registry.card-signature-required': { kind: 'invalid', retry: 'never' },
  'registry.card-version-unknown': { kind: 'not-found', retry: 'never' },
  'registry.card-version-settled': { kind: 'conflict', retry: 'never' },
  'registry.card-version-unused': { kind: 'precondition', retry: 'never' },
  'registry.card-changed': { kind: 'conflict', retry: 'same-request' },
  'registry.credential-bound': { kind: 'conflict', retry: 'never' },
  'trust.card-key-exists': { kind: 'conflict', retry: 'never' },
  'trust.card-key-unknown': { kind: 'not-found', retry: 'never' },
  'trust.card-key-limit': { kind: 'precondition', retry: 'never' },
  'registry.endpoint-plain': { kind: 'precondition', retry: 'never' },
  'registry.endpoint-unreachable': { kind: 'unprocessable', retry: 'same-request' },
  'upstream.circuit-open': { kind: 'unavailable', retry: 'after' },
  'upstream.saturated': { kind: 'unavailable', retry: 'after' },
  'upstream.queue-too-old': { kind: 'unavailable', retry: 'after' },
  'upstream.task-failed': { kind: 'upstream-failed', retry: 'never' },
  'resilience.unknown': { kind: 'not-found', retry: 'never' },
  'task.dead-letter-unknown': { kind: 'not-found', retry: 'never' },
  'task.not-replayable': { kind: 'precondition', retry: 'never' },
  'task.skill-unknown': { kind: 'not-found', retry: 'never' },
  'resilience.skill-unknown': { kind: 'not-found', retry: 'never' },
  'upstream.key-refused': { kind: 'upstream-failed', retry: 'never' },
  'registry.instance-unknown': { kind: 'not-found', retry: 'never' },
  'registry.instance-exists': { kind: 'conflict', retry: 'never' },
  'registry.instance-quarantined': { kind: 'precondition', retry: 'never' },
  'registry.instances-too-many': { kind: 'precondition', retry: 'never' },
  'routing.no-instance': { kind: 'unavailable', retry: 'after' },
  'router.nothing-fits': { kind: 'not-found', retry: 'never' },
  'router.chooser-failed': { kind: 'upstream-failed', retry: 'same-request' },
  'registry.interface-unsupported': { kind: 'invalid', retry: 'never' },
  'egress.refused': { kind: 'invalid', retry: 'never' },
  'credits.insufficient': { kind: 'payment-required', retry: 'never' },
  'credits.amount-invalid': { kind: 'invalid', retry: 'never' },
  'credits.grant-conflict': { kind: 'conflict', retry: 'never' },
  'task.unknown': { kind: 'not-found', retry: 'never' },
  'task.not-cancelable': { kind: 'precondition', retry: 'never' },
  'task.ended': { kind: 'precondition', retry: 'never' },
  'task.media-type-unsupported': { kind: 'invalid', retry: 'never' },
  'task.extension-required': { kind: 'precondition', retry: 'never' },
  'task.busy': { kind: 'precondition', retry: 'after' },
  'task.deadline-passed': { kind: 'precondition', retry: 'never' },
  'task.expired': { kind: 'precondition', retry: 'never' },
  'task.given-up': { kind: 'internal', retry: 'never' },
  'task.context-mismatch': { kind: 'invalid', retry: 'never' },
  'task.idempotency-conflict': { kind: 'conflict', retry: 'never' },
  'task.push-unsupported': { kind: 'precondition', retry: 'never' },
  'push.config-unknown': { kind: 'not-found', retry: 'never' },
  'push.limit': { kind: 'precondition', retry: 'never' },
  'delivery.unknown': { kind: 'not-found', retry: 'never' },
  'delegation.budget-used': { kind: 'payment-required', retry: 'never' },
  'delegation.invalid': { kind: 'forbidden', retry: 'never' },
  'delegation.loop': { kind: 'precondition', retry: 'never' },
  'delegation.too-deep': { kind: 'precondition', retry: 'never' },
  'delivery.pending': { kind: 'conflict', retry: 'never' },
  'task.page-token-invalid': { kind: 'invalid', retry: 'never' },
  'stream.too-slow': { kind: 'unavailable', retry: 'same-request' },
  'stream.token-expired': { kind: 'unauthenticated', retry: 'same-request' },
  'stream.limit': { kind: 'rate-limited', retry: 'after' },
  'upstream.unreachable': { kind: 'upstream-failed', retry: 'same-request' },
  'upstream.refused': { kind: 'upstream-failed', retry: 'never' },
  'upstream.invalid-answer': { kind: 'upstream-failed', retry: 'never' },
  'upstream.too-large': { kind: 'upstream-failed', retry: 'never' },
  'upstream.timeout': { kind: 'upstream-timeout', retry: 'never' },
  'upstream.outcome-unknown': { kind: 'upstream-failed', retry: 'never' },
  'platform.unavailable': { kind: 'unavailable', retry: 'after' },
  'platform.overloaded': { kind: 'unavailable', retry: 'after' },
  'request.canceled': { kind: 'canceled', retry: 'same-request' },
  'secret.rotation-pending': { kind: 'conflict', retry: 'never' },
  'secret.unreadable': { kind: 'internal', retry: 'never' },
  'egress.limit': { kind: 'precondition', retry: 'never' },
  'egress.allowance-unknown': { kind: 'not-found', retry: 'never' },
  'internal.unexpected': { kind: 'internal', retry: 'same-request' },
} as const;

/** A code of the platform that this SDK knows. */
export type PlatformErrorCode = keyof typeof rows;

/** Kind and retry rule of each code of the platform. */
export const platformErrors: Readonly<Record<PlatformErrorCode, PlatformErrorRow>> = rows;

/**
 * Failures that the SDK itself finds: `unreachable`, no connection or no whole answer; `invalid-answer`, not what the contract
 * says; `answer-too-large`, beyond this client's bounds; `stream-cut`, a stream ended before its task; `refused`, a refusal without one
 * of the platform's codes: a proxy or another server answered.
 */
export type SdkErrorCode =
  'sdk.unreachable' | 'sdk.invalid-answer' | 'sdk.answer-too-large' | 'sdk.stream-cut' | 'sdk.refused';

/** A code this SDK knows, or one that is newer than it; the last member keeps suggestions in editors while any is allowed. */
export type ErrorCode = PlatformErrorCode | SdkErrorCode | (string & {});
