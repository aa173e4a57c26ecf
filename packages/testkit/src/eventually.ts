/** Waits until `probe` gives something other than undefined or false; fails with `what` and the last error after `withinMs`. */
export async function eventually<Result>(
  what: string,
  probe: () => Promise<Result | undefined | false> | Result | undefined | false,
  withinMs = 10_000,
): Promise<Result> {
  const deadline = performance.now() + withinMs;
  let lastError: unknown;
  while (performance.now() < deadline) {
    try {
      const result = await probe();
      if (result !== undefined && result !== false) return result;
    } catch (error) {
      lastError = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`Not within ${String(withinMs)} ms: ${what}`, { cause: lastError });
}
