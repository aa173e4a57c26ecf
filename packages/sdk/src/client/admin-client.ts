import { callOperation, csvOperation, streamOperation } from './operation-call.ts';
import type { GivenArguments, OperationCaller, StreamedEvent } from './operation-call.ts';
import { operations } from './operations.gen.ts';
import type { components } from './operations.gen.ts';

type Operations = components['schemas']['Operations'];

/** The name of an operation of the admin API, as `operationId` of its OpenAPI document. */
export type OperationId = keyof Operations;

/** What every operation takes. */
export interface CallArguments {
  /** Ends the call; what the platform has begun goes on. */
  readonly signal?: AbortSignal | undefined;
}

/** The arguments of an operation: the parameters of its path and its query, and its `body`. `tenant` is by default the client's own. */
export type OperationArguments<Id extends OperationId> = CallArguments &
  (Operations[Id] extends { readonly arguments: infer Given } ? Given : unknown);

/** What an operation answers; void for those that answer nothing. */
export type OperationAnswer<Id extends OperationId> = Operations[Id] extends { readonly answer: infer Answer }
  ? Answer
  : void;

type Result<Id extends OperationId> = (typeof operations)[Id] extends readonly [string, string, 'stream']
  ? AsyncGenerator<StreamedEvent<OperationAnswer<Id>>, void, undefined>
  : Promise<OperationAnswer<Id>>;

/** The operations that also answer CSV. */
export type CsvOperationId = {
  [Id in OperationId]: (typeof operations)[Id] extends readonly [string, string, 'csv'] ? Id : never;
}[OperationId];

type SecretAuthentication = { readonly method: 'client_secret_basic' | 'client_secret_post' } | undefined;

/** Calls one operation. Without required arguments it can be called with none. */
export type OperationMethod<Id extends OperationId> =
  CallArguments extends OperationArguments<Id>
    ? (given?: OperationArguments<Id>) => Result<Id>
    : (given: OperationArguments<Id>) => Result<Id>;

/**
 * Every operation of the admin API by its name, as in `admin.setAgentLimit({ agent: 'x', body: {…} })`. Without `tenant` or
 * {@link AdminClient.forTenant} a call acts on the client's own tenant. Failures are {@link ColloquyError}s.
 *
 * The client repeats GET, PUT and DELETE requests, those with an idempotency key, and the few POST requests that may be repeated, when
 * that can help. A DELETE whose first answer was lost may so find that there is nothing left to remove.
 */
export type AdminClient = {
  /** The same client for another tenant; for operators. */
  readonly forTenant: (slug: string) => AdminClient;
  /** The answer of an operation as CSV (RFC 4180), complete where the JSON answer is one page. */
  readonly csv: <Id extends CsvOperationId>(id: Id, given: OperationArguments<Id>) => Promise<string>;
  /** Register an OAuth client that authenticates with a secret. This is the only time that the secret is shown. */
  readonly createClient: (
    given: OperationArguments<'createClient'> & { readonly body: { readonly authentication?: SecretAuthentication } },
  ) => Promise<OperationAnswer<'createClient'> & { readonly clientSecret: string }>;
} & { readonly [Id in keyof Operations]: OperationMethod<Id> };

/** Builds the admin client of one tenant. */
export function createAdminClient(caller: OperationCaller, tenant: string): AdminClient {
  const withTenant = (given: GivenArguments): GivenArguments => ({ ...given, tenant: given['tenant'] ?? tenant });
  const methods = Object.entries(operations).map(([name, [, , kind]]: readonly [string, readonly string[]]) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the names are the keys of this very table
    const id = name as OperationId;
    const call = kind === 'stream' ? streamOperation : callOperation;
    return [id, (given: GivenArguments = {}) => call(caller, id, withTenant(withGrantId(id, given)))] as const;
  });
  const forTenant = (slug: string): AdminClient => createAdminClient(caller, slug);
  const csv = (id: CsvOperationId, given: GivenArguments): Promise<string> =>
    csvOperation(caller, id, withTenant(given));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the types of all operations come from the document that made the table
  return Object.fromEntries<unknown>([...methods, ['forTenant', forTenant], ['csv', csv]]) as AdminClient;
}

/** The platform makes a grant once for its id, so with an id the client can repeat the request. */
function withGrantId(id: OperationId, given: GivenArguments): GivenArguments {
  if (id !== 'grantCredits') return given;
  const body: { readonly grantId?: unknown } = given.body ?? {};
  return { ...given, body: { ...body, grantId: body.grantId ?? crypto.randomUUID() } };
}
