import { limits } from '../../kernel/limits.ts';

/** What `probe` makes of each endpoint, in their order; `limits.endpointProbesAtOnceMax` of them are looked at at once, and more wait. */
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
