/**
 * Resolves at the first signal to end, with the exit status that `onFirst` gives; a second one ends this program at once, and what it started
 * with it.
 */
export function firstSignal(onFirst: () => number): Promise<number> {
  return new Promise((resolve) => {
    let signals = 0;
    const onSignal = (): void => {
      signals += 1;
      if (signals > 1) process.exit(130);
      resolve(onFirst());
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  });
}
