import { crlf, named, post, shown, table } from './case-forms.ts';
import type { Template } from './case-forms.ts';

/** Ways to write a transfer coding that one reader takes for chunked and another does not. */
const codings = [
  'chunked',
  'Chunked',
  'CHUNKED',
  ' chunked',
  '\tchunked',
  'chunked ',
  'chunked\t',
  'xchunked',
  'chunkedx',
  'chunk',
  'chunked, identity',
  'identity',
  'identity, chunked',
  'gzip, chunked',
  'chunked, gzip',
  'chunked, chunked',
  '"chunked"',
  "'chunked'",
  'chunked;q=1',
  'chunked ;',
  'chunked,',
  ',chunked',
  '\x0bchunked',
  '\x0cchunked',
  'chunked\x00',
  '\x00chunked',
  'ch\x00unked',
  'chunked\x85',
  '\xa0chunked',
  'deflate',
  'trailers',
  'cow',
  '',
  '0',
  'chunked\r',
  'chun\r\n ked',
  '\r\n chunked',
] as const;
const codingNames = [
  'Transfer-Encoding',
  'transfer-encoding',
  'Transfer-Encoding ',
  ' Transfer-Encoding',
  'Transfer_Encoding',
];

/** The body ends for one reader where the smuggled request begins, and for another behind it. */
const chunkedEnd = (smuggled: string): string => `0${crlf}${crlf}${smuggled}`;

const clTe = codings.flatMap((coding) =>
  codingNames
    .slice(0, coding === 'chunked' ? 5 : 3)
    .map((name): readonly [string, Template] => [
      `length and coding: ${shown(name)}: ${shown(coding)}`,
      post(['Content-Length: {length}', `${name}:${coding.startsWith('\r') ? '' : ' '}${coding}`], chunkedEnd),
    ]),
);

const teCl = table('coding, then length', codings.slice(0, 24), (coding) =>
  post([`Transfer-Encoding: ${coding}`, 'Content-Length: 4'], (smuggled) => {
    const size = Buffer.byteLength(smuggled, 'latin1').toString(16);
    return `${size}${crlf}${smuggled}${crlf}0${crlf}${crlf}`;
  }),
);

const twoCodings = table('two codings', ['identity', 'chunked', 'x', 'gzip', ''], (coding) =>
  post(['Content-Length: {length}', 'Transfer-Encoding: chunked', `Transfer-Encoding: ${coding}`], chunkedEnd),
);

/** Lengths that are none, or another one for another reader. All of the smuggled request is inside of the right one. */
const lengths = [
  '+{length}',
  '-{length}',
  '-0',
  '-1',
  '{length},{length}',
  '{length}, 0',
  '0, {length}',
  '0x10',
  '0b1',
  '0o7',
  '1e1',
  '1.0',
  '{length}.0',
  '{length} 0',
  '{length};',
  '{length},',
  ',{length}',
  '{length}\x00',
  '\x00{length}',
  '{length}a',
  'a',
  '',
  ' ',
  '"{length}"',
  '\u00b2',
  '18446744073709551616',
  '99999999999999999999999999',
  '9007199254740993',
  '4294967296',
  '_1',
  '1_0',
  '{length}\x0b',
] as const;
const wrongLengths = table('a length', lengths, (length) =>
  post([`Content-Length: ${length}`], (smuggled) => smuggled),
);
const twoLengths = table(
  'two lengths',
  ['0', '1', '{length}', '+0', 'x', ''].flatMap((second) => [`${second}|first`, `${second}|last`]),
  (value) => {
    const [second = '', place] = value.split('|');
    const lines = ['Content-Length: {length}', `Content-Length: ${second}`];
    return post(place === 'first' ? lines.toReversed() : lines, (smuggled) => smuggled);
  },
);
const lengthNames = table(
  'a name of a length',
  [
    'Content-Length ',
    ' Content-Length',
    'Content_Length',
    'Content-Length\t',
    'Content-Length\x00',
    '"Content-Length"',
    'Content-Length:',
    'X\nContent-Length',
    'X\rContent-Length',
  ],
  (name) => post(['Content-Length: {length}', `${name}: 0`], (smuggled) => smuggled),
);

/** Sizes of a chunk that are none. The chunk would hold the smuggled request. */
const sizes = [
  '0x{size}',
  '+{size}',
  '-{size}',
  ' {size}',
  '{size} x',
  '{size},',
  '{size}_',
  'g',
  '',
  '{size}\x00',
  '{size}\x0b',
  '{size}.0',
  'fffffffffffffffff',
  '10000000000000000',
  '{size}\n',
  '{size}\r',
  '{size};\n',
  '{size};a\n',
  '{size};a="\n"',
  '{size};a=\x00',
  '{size}:',
  '\t{size}',
] as const;
const wrongSizes = table('a chunk of size', sizes, (size) =>
  post(['Transfer-Encoding: chunked'], (smuggled) => {
    const right = Buffer.byteLength(smuggled, 'latin1').toString(16);
    return `${size.replace('{size}', right)}${crlf}${smuggled}${crlf}0${crlf}${crlf}`;
  }),
);
const chunked = (body: (smuggled: string) => string): Template => post(['Transfer-Encoding: chunked'], body);
const chunkEnds = named('chunks', {
  'data longer than said': chunked((smuggled) => `2${crlf}{}xx${crlf}0${crlf}${crlf}${smuggled}`),
  'data shorter than said': chunked((smuggled) => `9${crlf}{}${crlf}0${crlf}${crlf}${smuggled}`),
  'no end of data': chunked((smuggled) => `2${crlf}{}0${crlf}${crlf}${smuggled}`),
  'a bare line feed after data': chunked((smuggled) => `2${crlf}{}\n0${crlf}${crlf}${smuggled}`),
  'a bare line feed after the size': chunked((smuggled) => `2\n{}${crlf}0${crlf}${crlf}${smuggled}`),
  'a bare line feed at the end': chunked((smuggled) => `2${crlf}{}${crlf}0\n\n${smuggled}`),
  'a mixed end': chunked((smuggled) => `2${crlf}{}${crlf}0${crlf}\n${smuggled}`),
  'an extension': chunked((smuggled) => `2;a=b${crlf}{}${crlf}0${crlf}${crlf}${smuggled}`),
  'an extension with the request': chunked((smuggled) => `2;a="${smuggled}"${crlf}{}${crlf}0${crlf}${crlf}`),
  'a long extension': chunked((smuggled) => `2;${'a'.repeat(20_000)}${crlf}{}${crlf}0${crlf}${crlf}${smuggled}`),
  'a trailer': chunked((smuggled) => `2${crlf}{}${crlf}0${crlf}X: y${crlf}${crlf}${smuggled}`),
  'a trailer with a length': chunked(
    (smuggled) => `2${crlf}{}${crlf}0${crlf}Content-Length: 0${crlf}${crlf}${smuggled}`,
  ),
  'a trailer with a coding': chunked(
    (smuggled) => `2${crlf}{}${crlf}0${crlf}Transfer-Encoding: chunked${crlf}${crlf}${smuggled}`,
  ),
  'a folded trailer': chunked((smuggled) => `2${crlf}{}${crlf}0${crlf}X: y${crlf} z${crlf}${crlf}${smuggled}`),
  'a trailer that is the request': chunked((smuggled) => `2${crlf}{}${crlf}0${crlf}${smuggled}`),
  'zeros before the end': chunked((smuggled) => `2${crlf}{}${crlf}0000${crlf}${crlf}${smuggled}`),
  'many chunks': chunked((smuggled) => `${`1${crlf}x${crlf}`.repeat(500)}0${crlf}${crlf}${smuggled}`),
});

/** Where a body ends, written in ways that readers disagree about. */
export const framingCases: readonly (readonly [string, Template])[] = [
  ...clTe,
  ...teCl,
  ...twoCodings,
  ...wrongLengths,
  ...twoLengths,
  ...lengthNames,
  ...wrongSizes,
  ...chunkEnds,
];
