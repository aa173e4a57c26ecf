import type { Static, TObject, TSchema } from 'typebox';
import { Type } from 'typebox';
import type { Caller } from '../../kernel/caller.ts';
import type { ErrorCode } from '../../kernel/error-catalog.ts';
import type { Operation } from '../../modules/access/index.ts';
import { bindUseCases } from '../http/index.ts';
import type { Bound, PortsOf, UseCases } from '../http/index.ts';
import type { AnsweredCsv } from './csv.ts';
import { bodyReader, queryReader, refuseNul } from './input-reader.ts';
import { closed } from './page-schemas.ts';
import type { AnsweredStream } from './serve-events.ts';

type PathNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathNames<Rest>
  : never;
type StaticOf<Schema extends TSchema | null> = Schema extends TSchema ? Static<Schema> : null;

/** One call of an endpoint: the caller is authorized and the input is read. */
interface AdminCall<PathName extends string, Query, Body> {
  /** Acts for the tenant of the path, where the path names one. */
  readonly caller: Caller;
  readonly path: Readonly<Record<PathName, string>>;
  readonly query: Query;
  readonly body: Body;
  /** Scheme, host, port and path prefix of the platform, without a slash at its end. */
  readonly publicUrl: string;
  readonly fields: CallFields;
}

/** Header fields that some endpoints take. */
export interface CallFields {
  /** From Idempotency-Key; null for none. */
  readonly idempotencyKey: string | null;
  /** From Last-Event-ID; null for none. */
  readonly lastEventId: number | null;
  /** From Accept: the caller prefers CSV to JSON. */
  readonly wantsCsv: boolean;
}

interface EndpointFacts {
  /** Name of the call in generated clients (OpenAPI `operationId`). */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`; names in braces. */
  readonly path: string;
  /** Its entry in the policy table decides which callers may. */
  readonly operation: Operation;
  readonly summary: string;
  /** The answer carries an entity tag; a reader that has it already gets 304 (RFC 9110 section 13). */
  readonly isTagged?: boolean;
  /** A repeated request with the same Idempotency-Key is done once. */
  readonly takesKey?: boolean;
  /** The answer is a table, also as CSV where the caller prefers that: the handler then answers an `AnsweredCsv`. */
  readonly hasCsv?: boolean;
}

/** What an endpoint file declares. Left out: no query, no body, no answer, status 200 (204 without an answer), no further errors. */
export interface EndpointDeclaration<
  Path extends string,
  Query extends TObject,
  Body extends TSchema | null,
  Answer extends TSchema | null,
  IsStream extends boolean,
  Uses extends UseCases,
> extends EndpointFacts {
  readonly path: Path;
  readonly query?: Query;
  readonly body?: Body;
  readonly answer?: Answer;
  readonly status?: 200 | 201 | 204;
  /** Errors beyond those that every endpoint can answer. */
  readonly errors?: readonly ErrorCode[];
  /** The answer is a stream of server-sent events, each of the answer's schema; Last-Event-ID resumes it. */
  readonly isStream?: IsStream;
  /** The use cases that `handle` calls. */
  readonly uses: Uses;
  /** Calls the use cases and shapes the answer; decides nothing. Its result is ignored when there is no answer. */
  readonly handle: (
    useCases: Bound<Uses>,
    call: AdminCall<PathNames<Path>, Static<Query>, StaticOf<Body>>,
  ) => Promise<
    IsStream extends true ? AnsweredStream : Answer extends TSchema ? Static<Answer> | AnsweredCsv : unknown
  >;
}

/** A call as HTTP brings it. */
interface RawCall {
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: unknown;
  /** The bytes that were sent; null for none. */
  readonly body: Uint8Array | null;
  readonly publicUrl: string;
  readonly fields: CallFields;
}

/** An endpoint whose input is read by its own schemas. */
export interface ApiEndpoint<in Ports> extends EndpointFacts {
  readonly query: TObject;
  readonly body: TSchema | null;
  readonly answer: TSchema | null;
  readonly status: 200 | 201 | 204;
  readonly errors: readonly ErrorCode[];
  readonly isStream: boolean;
  /** Binds the use cases, once; the result runs one call and throws `request.invalid` for input that the schemas do not name. */
  readonly bind: (ports: Ports) => (raw: RawCall) => Promise<unknown>;
}

/** Every object that comes in or goes out is closed. */
const noQuery = Type.Object({}, closed);

/** Reads by the schemas of a declaration, each of which is compiled once, when it is first read by. */
export function endpoint<
  Path extends string,
  Uses extends UseCases,
  Query extends TObject = typeof noQuery,
  Body extends TSchema | null = null,
  Answer extends TSchema | null = null,
  IsStream extends boolean = false,
>(declared: EndpointDeclaration<Path, Query, Body, Answer, IsStream, Uses>): ApiEndpoint<PortsOf<Uses>> {
  const { handle, uses, query = noQuery, body = null, answer = null, ...facts } = declared;
  const { errors = [], isStream = false, status = answer === null ? 204 : 200 } = declared;
  const names = pathNames(declared.path);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- without a query of its own, Query is that of noQuery
  const readQuery = queryReader(query as Query);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- without a body of its own, Body is null
  const readBody = bodyReader<Body, StaticOf<Body>>(body as Body);
  return {
    ...facts,
    query,
    body,
    answer,
    status,
    errors,
    isStream,
    bind: (ports) => {
      const useCases = bindUseCases(uses, ports);
      return async ({ params, query: sent, body: bytes, ...rest }) => {
        const path = pathOf(names, params);
        refuseNul(path);
        return handle(useCases, { ...rest, path, query: readQuery(sent), body: readBody(bytes) });
      };
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
