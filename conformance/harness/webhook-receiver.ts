import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A notification as it arrived. */
export interface Notification {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface WebhookReceiver extends AsyncDisposable {
  readonly url: string;
  /** Everything that came, answered well or not. */
  readonly received: readonly Notification[];
}

/** Listens for notifications; the first `failures` are answered 503. */
export async function startWebhookReceiver(failures = 0): Promise<WebhookReceiver> {
  const received: Notification[] = [];
  const server = createServer((request, response) => {
    json(request)
      .then((body) => {
        received.push({ path: request.url ?? '', headers: request.headers, body: body as Notification['body'] });
        response.writeHead(received.length <= failures ? 503 : 204).end();
      })
      .catch(() => response.writeHead(400).end());
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}
