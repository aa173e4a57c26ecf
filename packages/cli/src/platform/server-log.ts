/** What matters here of one line of the platform's log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly url?: string;
  readonly opsUrl?: string;
  readonly grpcAddress?: string;
  /** The folder of the embedded database. */
  readonly dataDir?: string;
  /** Whether the data has an operator; of the line "ready". */
  readonly hasOperator: boolean;
  /** Where the other nodes on the same data listen. */
  readonly otherNodes: readonly string[];
  readonly causes: readonly string[];
  /** What it is about: the agent, the task and the code of the error, those that it names. */
  readonly about: readonly string[];
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
  const [url, opsUrl, grpcAddress, dataDir] = [text('url'), text('opsUrl'), text('grpcAddress'), text('dataDir')];
  const [agent, taskId, code] = [text('agent'), text('taskId'), text('code')];
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
    ...(dataDir === undefined ? {} : { dataDir }),
    hasOperator: fields.get('hasOperator') === true,
    otherNodes: texts('otherNodes'),
    causes: texts('causes'),
    about: [
      ...(agent === undefined ? [] : [`agent ${agent}`]),
      ...(taskId === undefined ? [] : [`task ${taskId}`]),
      ...(code === undefined ? [] : [code]),
    ],
  };
}

/** The line for people: the event, what it is about, and its causes below. */
export function logText({ level, msg, about, causes }: LogLine): string {
  const event = about.length === 0 ? `${level}: ${msg}` : `${level}: ${msg} (${about.join(', ')})`;
  return [event, ...causes].join('\n  ');
}
