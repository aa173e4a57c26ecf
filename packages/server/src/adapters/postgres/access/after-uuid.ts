const first = '0'.repeat(32);

/** The id after which a page of ids begins, as a `uuid`: of ids that were judged before, everything behind the prefix. */
export function afterUuid(after: string | null): string {
  return after === null ? first : after.slice(-first.length);
}
