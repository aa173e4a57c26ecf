/** What a case is made of: the address and the token of a good caller, and a smuggled request. */
export interface CaseSetting {
  readonly path: string;
  readonly token: string;
  /** A whole request that is done, and seen in the log, if anybody takes it for one. */
  readonly smuggled: string;
}

export type Template = (setting: CaseSetting) => string;

export const crlf = '\r\n';

/** A POST of the caller with these lines between its own fields and its body. */
export const post =
  (lines: readonly string[], body: (smuggled: string) => string, start?: string): Template =>
  ({ path, token, smuggled }) =>
    [
      start ?? `POST ${path} HTTP/1.1`,
      'Host: localhost',
      `Authorization: Bearer ${token}`,
      'Content-Type: application/json',
      ...lines.map((line) => line.replaceAll('{length}', String(Buffer.byteLength(body(smuggled), 'latin1')))),
      '',
      body(smuggled),
    ].join(crlf);

export const named = (
  group: string,
  templates: Readonly<Record<string, Template>>,
): readonly (readonly [string, Template])[] =>
  Object.entries(templates).map(([name, template]) => [`${group}: ${name}`, template] as const);

export const shown = (text: string): string => JSON.stringify(text).slice(1, -1);

export const table = (group: string, values: readonly string[], template: (value: string) => Template) =>
  named(group, Object.fromEntries(values.map((value) => [shown(value).slice(0, 80), template(value)])));
