import { connect } from 'node:net';

export interface RawAnswer {
  /** Status of each answer on the connection, in order. */
  readonly statuses: readonly number[];
  readonly text: string;
}

/** Time without a byte after which nothing more is expected. */
const quietMs = 150;
const silentMs = 600;

/** Sends bytes as they are (one character, one byte) on a connection of their own, and reads until it ends or is quiet. Never rejects. */
export function exchange(port: number, bytes: string): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1');
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      const text = Buffer.concat(chunks).toString('latin1');
      resolve({
        text,
        statuses: Array.from(text.matchAll(/^HTTP\/1\.[01] (\d{3}) /gm), ([, status]) => Number(status)),
      });
    };
    let timer = setTimeout(finish, silentMs);
    socket.on('error', finish).on('close', finish);
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      clearTimeout(timer);
      timer = setTimeout(finish, quietMs);
    });
    socket.write(Buffer.from(bytes, 'latin1'));
  });
}
