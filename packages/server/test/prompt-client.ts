/** Worker: asks over TLS, and the moment that it has the answer asks again, with a large body. Writes the second answer to stdout. */
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { workerData } from 'node:worker_threads';

export interface PromptClient {
  readonly port: number;
  readonly first: string;
  readonly second: string;
  /** Becomes 1 once the second request has been written. */
  readonly written: Int32Array;
}

const { port, first, second, written } = workerData as PromptClient;
const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
socket.write(first);
await once(socket, 'data');
socket.write(second, () => {
  Atomics.store(written, 0, 1);
  Atomics.notify(written, 0);
});
process.stdout.write(await text(socket));
