/** What matters here of one line of the platform's log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly url?: string;
  readonly opsUrl?: string;
  readonly grpcAddress?: string;
  /** Where the other nodes on the same data listen. */
  readonly otherNodes: readonly string[];
  readonly causes: readonly string[];
}

/** Reads one line of the platform's log; undefined for a line that is none. */
export function readLogLine(line: string): LogLine | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(parsed));
  const text = (name: string): string | undefined => {
    const value = fields.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const [url, opsUrl, grpcAddress] = [text('url'), text('opsUrl'), text('grpcAddress')];
  const texts = (name: string): readonly string[] => {
    const value = fields.get(name);
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  };
  return {
    level: text('level') ?? 'info',
    msg: text('msg') ?? '',
    ...(url === undefined ? {} : { url }),
    ...(opsUrl === undefined ? {} : { opsUrl }),
    ...(grpcAddress === undefined ? {} : { grpcAddress }),
    otherNodes: texts('otherNodes'),
    causes: texts('causes'),
  };
}
