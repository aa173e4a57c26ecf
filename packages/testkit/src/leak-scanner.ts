/** Something that left the platform: an answer, a line of its log, its metrics. */
export interface Output {
  /** What it was, for the report. */
  readonly where: string;
  readonly text: string;
}

/** What must not be in an output, by the name under which a find is reported. */
export type Forbidden = Readonly<Record<string, RegExp>>;

/** What no reader may ever see. */
export const neverShown: Forbidden = {
  // The protected header of a card's signature is a header alone; a token has its claims after it.
  'an access token': /eyJ[\w-]{8,}\.[\w-]{8,}/,
  'a client secret': /cls_[\w-]{8,}/,
  // A challenge that names the resource's metadata (RFC 9728 section 5.1) asks for credentials and holds none.
  'credentials in a header': /\b(?:bearer|basic)[ \t]+(?!resource_metadata=\\*"https?:)[\w.~+/-]{16,}/i,
  'a database address': /postgres(?:ql)?:\/\/|user=\S+ password=/i,
  'an SQL statement':
    /\b(?:select|insert\s+into|update|delete\s+from|from|join|truncate|alter\s+table)\b[^"]{0,80}?\bcolloquy\.\w/i,
  'a stack frame': /(?:\n|\\n|")\s{2,}at \S/,
  'a path of the machine': /(?:file:\/\/|["'\s(=]\/(?:home|root|tmp|usr|var|srv|opt|etc|work)\/)[\w./-]+|node_modules/,
  'a private key': /-----BEGIN|"d":"[\w-]{20,}"/,
};

/** What only those who run the platform may see, in its log: the reason that the database gave for a failure. */
export const operatorsOnly: Forbidden = {
  'a message of the database':
    /violates [\w-]+(?: key)? constraint|syntax error at or near|(?:relation|column|table) \\*"|colloquy\.[a-z_]{3,}|ECONN|127\.0\.0\.1:\d+.{0,40}refused/i,
};

/** The texts as forbidden, in whatever case they come. */
export function forbid(name: string, texts: readonly string[]): Forbidden {
  return Object.fromEntries(
    texts.map((text) => [`${name} (${text})`, new RegExp(text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'), 'i')]),
  );
}

/** Everything forbidden that the outputs show: what, where, and the words around it. */
export function findLeaks(outputs: readonly Output[], forbidden: Forbidden): readonly string[] {
  return outputs.flatMap(({ where, text }) =>
    Object.entries(forbidden).flatMap(([name, shape]) => {
      const found = shape.exec(text);
      if (found === null) return [];
      const around = text.slice(Math.max(0, found.index - 60), found.index + 120);
      return [`${name} in ${where}: ${JSON.stringify(around)}`];
    }),
  );
}
