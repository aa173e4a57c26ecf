import { createSocket } from 'node:dgram';

/** Answers about names below `ssrf.example`, from UDP port 53 of an address. */
export interface NameServer extends AsyncDisposable {
  readonly questions: () => number;
}

const publicAddress = '93.184.216.34';
const types = { a: 1, cname: 5, aaaa: 28 } as const;

interface Answer {
  readonly type: number;
  readonly data: Buffer;
}

const v4 = (address: string): Answer => ({ type: types.a, data: Buffer.from(address.split('.').map(Number)) });
const v6 = (hex: string): Answer => ({ type: types.aaaa, data: Buffer.from(hex.padStart(32, '0'), 'hex') });

const records: Readonly<Record<string, readonly Answer[]>> = {
  private: [v4('10.0.0.1')],
  mixed: [v4(publicAddress), v4('10.0.0.1')],
  loopback: [v4('127.0.0.1')],
  metadata4: [v4('169.254.169.254')],
  mapped6: [v6('ffff7f000001')],
  'unique-local6': [v6('fd000000000000000000000000000001')],
  many: Array.from({ length: 20 }, (_, at) => v4(at === 19 ? '10.0.0.1' : `93.184.216.${at + 1}`)),
};

export async function startNameServer(host: string): Promise<NameServer> {
  const socket = createSocket('udp4');
  const asked = new Map<string, number>();
  let questions = 0;
  socket.on('message', (query, peer) => {
    questions += 1;
    socket.send(answerTo(query, asked), peer.port, peer.address);
  });
  await new Promise<void>((resolve) => socket.bind(53, host, resolve));
  return {
    questions: () => questions,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function answerTo(query: Buffer, asked: Map<string, number>): Buffer {
  const { labels, end } = questionOf(query);
  const type = query.readUInt16BE(end);
  const question = query.subarray(12, end + 4);
  const found = answersFor(labels, type, asked);
  const head = Buffer.from(query.subarray(0, 12));
  // A response that has recursion; a name that is not ours does not exist.
  head.writeUInt16BE(labels.slice(1).join('.') === 'ssrf.example' ? 0x8180 : 0x8183, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(found.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, question, ...found.map(recordOf)]);
}

function answersFor(labels: readonly string[], type: number, asked: Map<string, number>): readonly Answer[] {
  const [name = '', ...zone] = labels;
  if (zone.join('.') !== 'ssrf.example') return [];
  if (name.startsWith('rebind-') && type === types.a) {
    const count = (asked.get(name) ?? 0) + 1;
    asked.set(name, count);
    return [v4(count === 1 ? publicAddress : '10.0.0.1')];
  }
  if (name === 'cname') return type === types.a ? [alias('private'), v4('10.0.0.1')] : [alias('private')];
  return (records[name] ?? []).filter((answer) => answer.type === type);
}

/** `{name}.ssrf.example`, as the answer to the question's name. */
function alias(name: string): Answer {
  const labels = [name, 'ssrf', 'example'].map((label) => Buffer.from([label.length, ...Buffer.from(label)]));
  return { type: types.cname, data: Buffer.concat([...labels, Buffer.of(0)]) };
}

/** RFC 1035 section 4.1.3, about the name of the question, to be forgotten at once. */
function recordOf({ type, data }: Answer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function questionOf(query: Buffer): { readonly labels: readonly string[]; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length).toLowerCase());
    at += 1 + length;
  }
  return { labels, end: at + 1 };
}
