import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A server that talks like a PostgreSQL of some version and accepts every login. */
export interface PretendedPostgres extends AsyncDisposable {
  readonly url: string;
}

/** Starts one that answers every query with its version, as `show server_version` is answered. */
export async function pretendPostgres(version: string): Promise<PretendedPostgres> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(Buffer.concat([authenticationOk, readyForQuery]));
      socket.on('data', (request) => {
        if (request[0] === queryKind) socket.write(Buffer.concat([answerOf(version), readyForQuery]));
        else socket.end();
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgresql://user:secret@127.0.0.1:${port}/database`,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

const queryKind = 'Q'.charCodeAt(0);

/** A message of PostgreSQL's protocol 3.0: its kind, its length, its body. */
function message(kind: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(kind, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const authenticationOk = message('R', Buffer.alloc(4));
const readyForQuery = message('Z', Buffer.from('I'));
const textType = 25;

/** One row with one column of text. */
function answerOf(text: string): Buffer {
  const column = Buffer.concat([Buffer.from('\0\x01server_version\0', 'latin1'), Buffer.alloc(18)]);
  column.writeInt32BE(textType, column.length - 12);
  const row = Buffer.concat([Buffer.from([0, 1, 0, 0, 0, text.length]), Buffer.from(text)]);
  return Buffer.concat([message('T', column), message('D', row), message('C', Buffer.from('SHOW\0'))]);
}
