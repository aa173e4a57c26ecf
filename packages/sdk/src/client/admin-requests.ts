/** Which page of a list. */
export interface PageRequest {
  /** The `next` of the page before. */
  readonly after?: string;
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** A request that only reads. */
export function reading(path: string): { method: 'GET'; path: string; repeatable: true } {
  return { method: 'GET', path, repeatable: true };
}

type Listing = ReturnType<typeof reading> & {
  query: Readonly<Record<string, string | number | undefined>>;
  signal: AbortSignal | undefined;
};

/** A request for a page or a part, chosen by query parameters. */
export function listing(
  path: string,
  {
    signal,
    ...query
  }: PageRequest & {
    readonly text?: string;
    readonly name?: string;
    readonly skill?: string;
    readonly tag?: string;
    readonly capability?: string;
    readonly department?: string;
    readonly tier?: string;
    readonly region?: string;
    readonly status?: string;
    readonly health?: string;
    readonly taskId?: string;
    readonly task?: string;
    readonly state?: string;
    readonly resource?: string;
    readonly afterSeq?: number;
    readonly version?: number;
    readonly from?: number;
    readonly to?: number;
  },
): Listing {
  return { ...reading(path), query: { ...query }, signal };
}

/** Making something twice is a conflict at best, so a lost answer is told and not tried again. */
export function making(
  path: string,
  body: object,
): { method: 'POST'; path: string; body: object; repeatable: boolean } {
  return { method: 'POST', path, body, repeatable: false };
}

/** A request that sets a thing to what it says: doing it twice is as good as once. */
export function setting(path: string, body: object): { method: 'PUT'; path: string; body: object; repeatable: true } {
  return { method: 'PUT', path, body, repeatable: true };
}

/** A request that takes something away. */
export function removing(path: string): { method: 'DELETE'; path: string; repeatable: boolean } {
  return { method: 'DELETE', path, repeatable: false };
}
