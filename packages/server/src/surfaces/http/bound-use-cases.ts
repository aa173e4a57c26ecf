/** Use cases by name, as their modules export them: each takes its ports and gives the function that does the work. */
export type UseCases = Readonly<Record<string, (ports: never) => unknown>>;

/** The same use cases, each with its ports. */
export type Bound<Uses extends UseCases> = { readonly [Name in keyof Uses]: ReturnType<Uses[Name]> };

/** The intersection of the ports that these use cases take. */
export type PortsOf<Uses extends UseCases> = [Uses[keyof Uses]] extends [(ports: infer Ports) => unknown]
  ? Ports
  : never;

/** The intersection of the ports that these endpoints take. */
export type PortsOfAll<Endpoints extends readonly { readonly bind: (ports: never) => unknown }[]> = [
  Endpoints[number],
] extends [{ readonly bind: (ports: infer Ports) => unknown }]
  ? Ports
  : never;

export function bindUseCases<Uses extends UseCases>(uses: Uses, ports: PortsOf<Uses>): Bound<Uses> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- PortsOf is the intersection of what each of them takes
  const entries = Object.entries(uses).map(([name, useCase]) => [name, useCase(ports as never)]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each name stands for what its use case has just returned
  return Object.fromEntries(entries) as Bound<Uses>;
}
