import type { Operation } from '../model/index.ts';

/** HTTP verbs of the REST bindings. */
export type RestVerb = 'GET' | 'POST' | 'DELETE';

/** One row of a REST binding. */
export interface RestRoute {
  readonly verb: RestVerb;
  /** Relative to the interface URL. `{id}` and `{taskId}` stand for one path segment each. */
  readonly path: string;
  readonly operation: Operation;
}

/** Which operation a request line means. */
export type RestMatch =
  | { readonly kind: 'match'; readonly operation: Operation; readonly params: RestParams }
  | { readonly kind: 'wrong-verb'; readonly allow: readonly RestVerb[] }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'bad-path'; readonly message: string };

/** What the path carries, percent-decoded. */
export interface RestParams {
  readonly routingTag?: string;
  readonly id?: string;
  readonly taskId?: string;
}

const pathCharsMax = 2_048;

/**
 * A function that finds the operation of a request among routes. Its `path` is the raw (still percent-encoded) path after the
 * interface URL, without the query. `:cancel` and `:subscribe` are split off the raw segment, so an id may hold an encoded colon.
 */
export function routeMatcher(routes: readonly RestRoute[]): (verb: string, path: string) => RestMatch {
  const compiled = routes.map((route) => {
    const pattern = route.path.replaceAll('.', String.raw`\.`).replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
    return { ...route, pattern: new RegExp(`^${pattern}$`) };
  });
  return (verb, path) => {
    if (path.length > pathCharsMax) return { kind: 'bad-path', message: `the path exceeds ${pathCharsMax} characters` };
    const allow: RestVerb[] = [];
    for (const route of compiled) {
      const groups = route.pattern.exec(path);
      if (groups === null || isAction(groups.groups?.['id'], route)) continue;
      if (route.verb === verb) return matched(route.operation, { ...groups.groups });
      allow.push(route.verb);
    }
    return allow.length > 0 ? { kind: 'wrong-verb', allow } : { kind: 'unknown' };
  };
}

/** `/tasks/x:cancel` is an action on x, never the task "x:cancel". */
function isAction(id: string | undefined, route: RestRoute): boolean {
  return route.operation === 'GetTask' && id !== undefined && /:(?:cancel|subscribe)$/.test(id);
}

function matched(operation: Operation, raw: Readonly<Record<string, string>>): RestMatch {
  const params: Record<string, string> = {};
  for (const [name, segment] of Object.entries(raw)) {
    const decoded = decodeSegment(segment);
    if (decoded === undefined) return badSegment;
    params[name] = decoded;
  }
  return { kind: 'match', operation, params };
}

const badSegment: RestMatch = { kind: 'bad-path', message: 'a path segment is not well-formed' };

/** One path segment percent-decoded; undefined when it is not well-formed. */
export function decodeSegment(segment: string): string | undefined {
  try {
    const decoded = decodeURIComponent(segment);
    return decoded.includes('\0') ? undefined : decoded;
  } catch {
    return undefined;
  }
}
