/**
 * Waits until `probe` gives something other than undefined or false; fails with `what` and the last error after `withinMs`. The last probe is
 * made when that time is over: who was kept from its turns for all of it has still looked once.
 */
export async function eventually<Result>(
  what: string,
  probe: () => Promise<Result | undefined | false> | Result | undefined | false,
  withinMs = 30_000,
): Promise<Result> {
  const deadline = performance.now() + withinMs;
  let lastError: unknown;
  for (;;) {
    const isLast = performance.now() >= deadline;
    try {
      const result = await probe();
      if (result !== undefined && result !== false) return result;
    } catch (error) {
      lastError = error;
    }
    if (isLast) throw new Error(`Not within ${String(withinMs)} ms: ${what}`, { cause: lastError });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
