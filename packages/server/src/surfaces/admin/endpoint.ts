import type { Static, TObject, TSchema } from 'typebox';
import type { Caller } from '../../kernel/caller.ts';
import type { ErrorCode } from '../../kernel/error-catalog.ts';
import type { Operation } from '../../modules/access/index.ts';
import { bodyReader, queryReader, refuseNul } from './input-reader.ts';
import type { AdminUseCases } from './use-cases.ts';

type PathNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathNames<Rest>
  : never;
type StaticOf<Schema extends TSchema | null> = Schema extends TSchema ? Static<Schema> : null;

/** One call of an endpoint, admitted and read. */
export interface AdminCall<PathName extends string, Query, Body> {
  /** Acts for the tenant of the path, where the path names one. */
  readonly caller: Caller;
  readonly path: Readonly<Record<PathName, string>>;
  readonly query: Query;
  readonly body: Body;
  /** Scheme, host, port and path prefix of the platform, without a slash at its end. */
  readonly publicUrl: string;
  readonly fields: CallFields;
}

/** What the fields of a request's head say beside who asks. */
export interface CallFields {
  /** From Idempotency-Key; null for none. */
  readonly idempotencyKey: string | null;
  /** From Last-Event-ID; null for none. */
  readonly lastEventId: number | null;
}

interface EndpointFacts {
  /** Name of the call in generated clients (OpenAPI `operationId`). */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`; names in braces. */
  readonly path: string;
  /** What is asked of the platform; decides who may. */
  readonly operation: Operation;
  readonly summary: string;
  readonly status: 200 | 201 | 204;
  /** What can go wrong beyond what can go wrong anywhere. */
  readonly errors: readonly ErrorCode[];
  /** Its answer carries an entity tag, and is not sent again to whoever has it (RFC 9110 section 13). */
  readonly isTagged?: boolean;
  /** A repeated request with the same Idempotency-Key is done once. */
  readonly takesKey?: boolean;
  /** Its answer is a stream of server-sent events, each of the answer's schema, which goes on after Last-Event-ID. */
  readonly isStream?: boolean;
}

export interface EndpointDeclaration<
  Path extends string,
  Query extends TObject,
  Body extends TSchema | null,
  Answer extends TSchema | null,
  Uses = AdminUseCases,
  Result = StaticOf<Answer>,
> extends EndpointFacts {
  readonly path: Path;
  readonly query: Query;
  readonly body: Body;
  readonly answer: Answer;
  readonly handle: (useCases: Uses, call: AdminCall<PathNames<Path>, Static<Query>, StaticOf<Body>>) => Promise<Result>;
}

/** A call as HTTP brings it. */
export interface RawCall {
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: unknown;
  /** The bytes that were sent; null for none. */
  readonly body: Uint8Array | null;
  readonly publicUrl: string;
  readonly fields: CallFields;
}

/** An endpoint whose input is read by its own schemas. */
export interface ApiEndpoint<Uses> extends EndpointFacts {
  readonly query: TObject;
  readonly body: TSchema | null;
  readonly answer: TSchema | null;
  /** Reads and does it; throws `request.invalid` for anything that the schemas do not name. */
  readonly run: (useCases: Uses, raw: RawCall) => Promise<unknown>;
}

export type AdminEndpoint = ApiEndpoint<AdminUseCases>;

/** Reads by the schemas of a declaration, each of which is compiled once, when it is first read by. */
export function endpoint<
  Path extends string,
  Query extends TObject,
  Body extends TSchema | null,
  Answer extends TSchema | null,
  Uses = AdminUseCases,
  Result = StaticOf<Answer>,
>(declared: EndpointDeclaration<Path, Query, Body, Answer, Uses, Result>): ApiEndpoint<Uses> {
  const { handle, ...facts } = declared;
  const names = pathNames(declared.path);
  const readQuery = queryReader(declared.query);
  const readBody = bodyReader<Body, StaticOf<Body>>(declared.body);
  return {
    ...facts,
    run: async (useCases, { params, query, body, ...rest }) => {
      const path = pathOf(names, params);
      refuseNul(path);
      return handle(useCases, { ...rest, path, query: readQuery(query), body: readBody(body) });
    },
  };
}

/** The names in braces of a path. */
export function pathNames<Path extends string>(path: Path): readonly PathNames<Path>[] {
  const names = Array.from(path.matchAll(/\{(\w+)\}/g), (match) => match[1] ?? '');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the type reads the same braces from the same text
  return names as PathNames<Path>[];
}

function pathOf<Name extends string>(
  names: readonly Name[],
  params: RawCall['params'],
): Readonly<Record<Name, string>> {
  const entries = names.map((name) => [name, params[name] ?? '']);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every name has just been given a string
  return Object.fromEntries(entries) as Record<Name, string>;
}
