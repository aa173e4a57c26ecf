const tailLines = 20;

/** The JSON object on a complete line of its own, if the line is one. */
function objectOf(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}

/** The line with which a program says that it serves: a JSON object with `"msg":"ready"`. */
export function readyLine(log: string): Readonly<Record<string, unknown>> | undefined {
  return jsonLines(log).find((line) => line['msg'] === 'ready');
}

/** Every complete line that is a JSON object; a line still being written is left out. */
export function jsonLines(log: string): Readonly<Record<string, unknown>>[] {
  const complete = log.slice(0, log.lastIndexOf('\n') + 1);
  return complete
    .split('\n')
    .map(objectOf)
    .filter((line) => line !== undefined);
}

/** The last lines, for an error message. */
export const tailOf = (log: string): string => log.trimEnd().split('\n').slice(-tailLines).join('\n');
