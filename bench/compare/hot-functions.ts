/** The part of a V8 CPU profile that is read here. Times in microseconds. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** A place in the code and the time that was spent in it, callees not counted. */
export interface HotFunction {
  readonly place: string;
  readonly selfMs: number;
}

/** Where the time went, most first. `place` is function, file and line. */
export function hotFunctions(profile: CpuProfile): HotFunction[] {
  const places = new Map(
    profile.nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const file = url.split('/').slice(-4).join('/');
      return [id, `${functionName || '(anonymous)'} ${file}${file === '' ? '' : `:${lineNumber + 1}`}`.trim()];
    }),
  );
  const totals = new Map<string, number>();
  profile.samples.forEach((sample, index) => {
    const place = places.get(sample) ?? 'unknown';
    totals.set(place, (totals.get(place) ?? 0) + (profile.timeDeltas[index] ?? 0) / 1000);
  });
  return [...totals].map(([place, selfMs]) => ({ place, selfMs })).toSorted((one, other) => other.selfMs - one.selfMs);
}
