/** A figure, and whether it is as it must be. A value that is not a number holds no bar. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly bound: string;
  readonly held: boolean;
}

export function atLeast(name: string, value: number, bound: number): Bar {
  return { name, value, bound: `≥ ${bound}`, held: value >= bound };
}

export function atMost(name: string, value: number, bound: number): Bar {
  return { name, value, bound: `≤ ${bound}`, held: value <= bound && Number.isFinite(value) };
}

export function below(name: string, value: number, bound: number): Bar {
  return { name, value, bound: `< ${bound}`, held: value < bound };
}

export function none(name: string, value: number): Bar {
  return { name, value, bound: '= 0', held: value === 0 };
}
