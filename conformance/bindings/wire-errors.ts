import assert from 'node:assert/strict';
import type { BindingName } from '../requirement.ts';
import type { Reply } from './binding.ts';

/** How each error looks on each binding (A2A 1.0.1 sections 5.4 and 9.5), and its reason where A2A has one. Literals on purpose. */
const wireErrors = {
  TaskNotFound: [-32001, 404, 'NOT_FOUND', 'TASK_NOT_FOUND'],
  TaskNotCancelable: [-32002, 400, 'FAILED_PRECONDITION', 'TASK_NOT_CANCELABLE'],
  PushNotificationNotSupported: [-32003, 400, 'FAILED_PRECONDITION', 'PUSH_NOTIFICATION_NOT_SUPPORTED'],
  UnsupportedOperation: [-32004, 400, 'FAILED_PRECONDITION', 'UNSUPPORTED_OPERATION'],
  ContentTypeNotSupported: [-32005, 400, 'INVALID_ARGUMENT', 'CONTENT_TYPE_NOT_SUPPORTED'],
  InvalidAgentResponse: [-32006, 500, 'INTERNAL', 'INVALID_AGENT_RESPONSE'],
  ExtensionSupportRequired: [-32008, 400, 'FAILED_PRECONDITION', 'EXTENSION_SUPPORT_REQUIRED'],
  VersionNotSupported: [-32009, 400, 'FAILED_PRECONDITION', 'VERSION_NOT_SUPPORTED'],
  InvalidParams: [-32602, 400, 'INVALID_ARGUMENT', undefined],
} as const satisfies Record<string, readonly [number, number, string, string | undefined]>;

export type WireErrorName = keyof typeof wireErrors;

export const errorInfoType = 'type.googleapis.com/google.rpc.ErrorInfo';
export const badRequestType = 'type.googleapis.com/google.rpc.BadRequest';

/** Fails unless `reply` is this error as `binding` writes it. */
export function assertFailure(binding: BindingName, reply: Reply | undefined, name: WireErrorName): void {
  const { failure } = reply ?? {};
  assert.ok(failure, `expected ${name}, got ${JSON.stringify(reply?.result)}`);
  const [rpc, http, grpc, reason] = wireErrors[name];
  const expected = { JSONRPC: rpc, 'HTTP+JSON': http, GRPC: grpc }[binding];
  assert.equal(failure.code, expected, `${name}: ${failure.message}`);
  if (binding === 'HTTP+JSON') assert.equal(reply?.status, http);
  assert.notEqual(failure.message, '');
  for (const detail of failure.details) assert.equal(typeof detail['@type'], 'string', 'a detail names its type');
  if (reason === undefined) return;
  const reasons = failure.details
    .filter((detail) => detail['@type'] === errorInfoType && detail['domain'] === 'a2a-protocol.org')
    .map((detail) => detail['reason']);
  assert.deepEqual(reasons, [reason], `the ErrorInfo of ${name}`);
}

/** The fields that a validation error complains about. */
export function violatedFields(reply: Reply): readonly string[] {
  const found = reply.failure?.details.find((detail) => detail['@type'] === badRequestType);
  const violations = (found?.['fieldViolations'] ?? []) as readonly {
    readonly field: string;
    readonly description: string;
  }[];
  for (const { description } of violations) assert.notEqual(description, '');
  return violations.map(({ field }) => field);
}

/** Fails unless the caller was told that it has not proved itself. */
export function assertUnauthenticated(binding: BindingName, reply: Reply): void {
  assert.ok(reply.failure, 'a call without a good token is refused');
  if (binding === 'GRPC') return assert.equal(reply.failure.code, 'UNAUTHENTICATED');
  assert.equal(reply.status, 401);
  assert.match(reply.header('www-authenticate') ?? '', /^Bearer/);
}

/** Fails unless the caller was told that it lacks a right. */
export function assertForbidden(binding: BindingName, reply: Reply, scope: string): void {
  assert.ok(reply.failure, 'a call without the right is refused');
  if (binding === 'GRPC') assert.equal(reply.failure.code, 'PERMISSION_DENIED');
  else assert.equal(reply.status, 403);
  assert.match(JSON.stringify(reply.failure) + (reply.header('www-authenticate') ?? ''), new RegExp(scope));
}
