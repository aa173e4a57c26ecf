import { limits } from '../../kernel/limits.ts';

/** Runs `probe` for each endpoint, `limits.endpointProbesAtOnceMax` at a time. Resolves with the outcomes in the order of the endpoints. */
export async function probeEach<Endpoint, Outcome>(
  endpoints: readonly Endpoint[],
  probe: (endpoint: Endpoint) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = endpoints.entries();
  const lane = async (): Promise<void> => {
    for (const [at, endpoint] of waiting) outcomes[at] = await probe(endpoint);
  };
  await Promise.all(Array.from({ length: Math.min(endpoints.length, limits.endpointProbesAtOnceMax) }, lane));
  return outcomes;
}
