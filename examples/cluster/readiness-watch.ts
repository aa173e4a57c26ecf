import { get } from 'node:http';

const checkMs = 200;
const answerMsMax = 1_000;

/** Checks `/ready` of each of these ops ports until it is stopped, and tells when one of them has changed its mind. */
export function watchReadiness(opsPorts: readonly number[], onChange: (ready: readonly boolean[]) => void): () => void {
  let known = opsPorts.map(() => true);
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const check = async (): Promise<void> => {
    const ready = await Promise.all(opsPorts.map(isReady));
    if (isOver) return;
    if (ready.some((is, at) => is !== known[at])) onChange(ready);
    known = ready;
    timer = setTimeout(() => void check(), checkMs);
  };
  void check();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

/** Whether the process with this ops port says that it can work. */
export function isReady(opsPort: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port: opsPort, path: '/ready', agent: false, timeout: answerMsMax });
    request.on('response', (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
