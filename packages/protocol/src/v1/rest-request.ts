import { isRecord } from '../codec/index.ts';
import type { DecodeLimits, JsonRecord } from '../codec/index.ts';
import { DecodeError } from '../errors/index.ts';
import type { FieldViolation } from '../errors/index.ts';
import type { Operation, OperationRequest } from '../model/index.ts';
import { decodeOperation } from './operations.ts';
import type { RestParams } from './rest-routes.ts';

/** The parts of a REST request that carry fields. */
export interface RestRequestParts {
  readonly params: RestParams;
  /** Decoded name and value pairs; a `URLSearchParams` fits. */
  readonly query: Iterable<readonly [name: string, value: string]>;
  /** Parsed JSON, or undefined when there is no body. */
  readonly body: unknown;
}

/** Query parameters each operation knows, by their camelCase name. Others are ignored. */
const queryNames: Readonly<Record<Operation, ReadonlyMap<string, 'text' | 'boolean'>>> = {
  SendMessage: new Map([['tenant', 'text']]),
  SendStreamingMessage: new Map([['tenant', 'text']]),
  GetTask: new Map([
    ['tenant', 'text'],
    ['historyLength', 'text'],
  ]),
  ListTasks: new Map([
    ['tenant', 'text'],
    ['contextId', 'text'],
    ['status', 'text'],
    ['pageSize', 'text'],
    ['pageToken', 'text'],
    ['historyLength', 'text'],
    ['statusTimestampAfter', 'text'],
    ['includeArtifacts', 'boolean'],
  ]),
  CancelTask: new Map([['tenant', 'text']]),
  SubscribeToTask: new Map([['tenant', 'text']]),
  CreateTaskPushNotificationConfig: new Map([['tenant', 'text']]),
  GetTaskPushNotificationConfig: new Map([['tenant', 'text']]),
  ListTaskPushNotificationConfigs: new Map([
    ['tenant', 'text'],
    ['pageSize', 'text'],
    ['pageToken', 'text'],
  ]),
  DeleteTaskPushNotificationConfig: new Map([['tenant', 'text']]),
  GetExtendedAgentCard: new Map([['tenant', 'text']]),
};

const withBody: ReadonlySet<Operation> = new Set<Operation>([
  'SendMessage',
  'SendStreamingMessage',
  'CancelTask',
  'CreateTaskPushNotificationConfig',
]);

/**
 * Decodes a REST request: the fields of path, query and body are joined into one request message, then decoded as
 * JSON-RPC params are. A field given in two places must agree. A body where the operation has none is ignored. Throws
 * {@link DecodeError}.
 */
export function decodeRestRequest(
  operation: Operation,
  { params, query, body }: RestRequestParts,
  limits: DecodeLimits,
): OperationRequest {
  const { routingTag, id, taskId } = params;
  const path: JsonRecord = {
    ...(routingTag === undefined ? {} : { tenant: routingTag }),
    ...(id === undefined ? {} : { id }),
    ...(taskId === undefined ? {} : { taskId }),
  };
  const violations: FieldViolation[] = [];
  const joined = join(fieldsOfBody(operation, body), fieldsOfQuery(operation, query, violations), violations);
  const request = join(joined, path, violations);
  if (violations.length > 0) throw new DecodeError(violations);
  return decodeOperation(operation, request, limits);
}

function fieldsOfBody(operation: Operation, body: unknown): JsonRecord {
  // Only a cancel may come without a body; a send without one fails for its missing message.
  if (!withBody.has(operation) || body === undefined) return {};
  if (isRecord(body)) return body;
  throw new DecodeError([{ field: '', description: 'the body must be a JSON object' }]);
}

function fieldsOfQuery(
  operation: Operation,
  query: RestRequestParts['query'],
  violations: FieldViolation[],
): JsonRecord {
  const fields: Record<string, unknown> = {};
  const names = queryNames[operation];
  for (const [spelling, text] of query) {
    const name = spelling.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const kind = names.get(name);
    // As in ProtoJSON's reading of empty strings, an empty parameter is an absent one.
    if (kind === undefined || text === '') continue;
    if (Object.hasOwn(fields, name)) violations.push({ field: name, description: 'is given twice' });
    if (text.includes('\0') || !text.isWellFormed())
      violations.push({ field: name, description: 'is not well-formed' });
    fields[name] = kind === 'boolean' && (text === 'true' || text === 'false') ? text === 'true' : text;
  }
  return fields;
}

/** Both sets of fields; where they overlap they must agree. */
function join(fields: JsonRecord, others: JsonRecord, violations: FieldViolation[]): JsonRecord {
  for (const [name, value] of Object.entries(others)) {
    const known = fields[name] ?? undefined;
    if (known !== undefined && known !== '' && known !== value) {
      violations.push({ field: name, description: 'differs between path, query and body' });
    }
  }
  return { ...fields, ...others };
}
