import { allItems } from '../all-items.ts';
import type { Command } from '../command.ts';
import type { Nouns } from '../noun.ts';
import { table } from '../output/table.ts';
import { overlapOptions, rotationOf } from '../option-groups.ts';

const needsRead = 'Needs the scope deliveries:read.';
const needsWrite = 'Needs the scope deliveries:write.';

const sinkList: Command = {
  name: 'event-sink list',
  summary: 'List the event sinks of the tenant',
  positionals: [],
  options: {},
  connects: true,
  details: needsRead,
  examples: ['colloquy event-sink list'],
  async run({ client, output }) {
    const sinks = (await client().admin.listEventSinks()).items;
    const rows = sinks.map((sink) => [
      sink.name,
      sink.types.join(' '),
      String(sink.backlog),
      String(sink.deadLetters),
      String(sink.missed),
      sink.goneAt === undefined
        ? [sink.lastReason, sink.lastStatus].filter((fact) => fact !== undefined).join(' ')
        : 'gone',
      sink.url,
    ]);
    const head = ['NAME', 'TYPES', 'BACKLOG', 'DEAD', 'MISSED', 'LAST', 'URL'];
    output.print(sinks, table(head, rows) || 'There are no event sinks.');
  },
};

const sinkShow: Command = {
  name: 'event-sink show',
  summary: 'Show an event sink and how its deliveries go',
  positionals: ['<name>'],
  options: {},
  connects: true,
  details: needsRead,
  examples: ['colloquy event-sink show billing'],
  async run({ args, client, output }) {
    const sink = await client().admin.getEventSink({ sink: args.positional(0) });
    const rows = Object.entries(sink).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(' ') : String(value),
    ]);
    output.print(sink, table(['FIELD', 'VALUE'], rows));
  },
};

const sinkSet: Command = {
  name: 'event-sink set',
  summary: 'Add an event sink, or change its URL and types',
  positionals: ['<name>', '<url>'],
  options: {
    type: {
      type: 'string',
      value: 'pattern',
      multiple: true,
      description: 'Event types to send; * stands for any characters. Default: *',
    },
  },
  connects: true,
  details: `The sink receives events from now on, as CloudEvents 1.0. ${needsWrite}`,
  examples: ["colloquy event-sink set billing https://billing.example/events --type 'dev.colloquy.usage.*'"],
  async run({ args, client, output }) {
    const [name, url, types] = [args.positional(0), args.positional(1), [...args.texts('type')]];
    const body = { url, types: types.length === 0 ? ['*'] : types };
    const sink = await client().admin.setEventSink({ sink: name, body });
    output.print(sink, `Events of ${sink.types.join(', ')} go to ${sink.url}.`);
  },
};

const sinkUnset: Command = {
  name: 'event-sink unset',
  summary: 'Remove an event sink with its dead-lettered events',
  positionals: ['<name>'],
  options: {},
  connects: true,
  details: needsWrite,
  examples: ['colloquy event-sink unset billing'],
  async run({ args, client, output }) {
    const name = args.positional(0);
    await client().admin.unsetEventSink({ sink: name });
    output.print({ name }, `Removed the event sink ${name}.`);
  },
};

const sinkTest: Command = {
  name: 'event-sink test',
  summary: 'Send a test event to a sink and show how it answered',
  positionals: ['<name>'],
  options: {},
  connects: true,
  details: `Sent once, past the queue of events. Ends with status 1 when it was not delivered.\n${needsWrite}`,
  examples: ['colloquy event-sink test billing'],
  async run({ args, client, output }) {
    const name = args.positional(0);
    const result = await client().admin.testEventSink({ sink: name });
    const answer = [result.reason, result.status].filter((fact) => fact !== undefined).join(' ');
    output.print(
      result,
      result.isDelivered ? `${name} took the test event (${answer}).` : `${name} failed: ${answer}.`,
    );
    return result.isDelivered ? 0 : 1;
  },
};

const sinkDeadLetters: Command = {
  name: 'event-sink dead-letters',
  summary: 'List the events that failed every attempt at a sink',
  positionals: ['<name>'],
  options: {},
  connects: true,
  details: needsRead,
  examples: ['colloquy event-sink dead-letters billing'],
  async run({ args, client, output }) {
    const letters = await allItems(client().admin.listEventDeadLetters, { sink: args.positional(0) });
    const rows = letters.map((letter) => [
      letter.eventId,
      letter.type,
      letter.subject,
      String(letter.attempts),
      [letter.lastReason, letter.lastStatus].filter((fact) => fact !== undefined).join(' '),
      letter.deadAt,
    ]);
    const head = ['EVENT', 'TYPE', 'SUBJECT', 'ATTEMPTS', 'LAST', 'TIME'];
    output.print(letters, table(head, rows) || 'There are no dead-lettered events.');
  },
};

const sinkReplay: Command = {
  name: 'event-sink replay',
  summary: 'Send the dead-lettered events of a sink again',
  positionals: ['<name>'],
  options: {},
  connects: true,
  details: `Each is sent once, with its id, so that the receiver recognises it. ${needsWrite}`,
  examples: ['colloquy event-sink replay billing'],
  async run({ args, client, output }) {
    const { queued } = await client().admin.replayEvents({ sink: args.positional(0) });
    output.print({ queued }, `${String(queued)} events are sent again.`);
  },
};

const sinkSecret: Command = {
  name: 'event-sink secret',
  summary: 'Show the secret that verifies the signatures of events to a sink',
  positionals: ['<name>'],
  options: {},
  connects: true,
  details: needsWrite,
  examples: ['colloquy event-sink secret billing'],
  async run({ args, client, output }) {
    const { signingSecret } = await client().admin.showEventSinkSecret({ sink: args.positional(0) });
    output.print({ signingSecret }, signingSecret);
  },
};

const sinkRotateSecret: Command = {
  name: 'event-sink rotate-secret',
  summary: 'Rotate the signing secret of a sink; for a time both secrets sign',
  positionals: ['<name>'],
  options: overlapOptions,
  connects: true,
  details: needsWrite,
  examples: ['colloquy event-sink rotate-secret billing --overlap-ms 3600000'],
  async run({ args, client, output }) {
    const rotated = await client().admin.rotateEventSinkSecret({ sink: args.positional(0), body: rotationOf(args) });
    output.print(rotated, `${rotated.signingSecret}\nThe old secret also signs until ${rotated.formerUntil}.`);
  },
};

export const eventSinkNouns: Nouns = {
  'event-sink': { group: 'Credits and limits', summary: 'Send alerts and usage to other systems as CloudEvents' },
};

/** The commands of event sinks, in the order of the help. */
export const eventSinkCommands: readonly Command[] = [
  sinkList,
  sinkShow,
  sinkSet,
  sinkUnset,
  sinkTest,
  sinkDeadLetters,
  sinkReplay,
  sinkSecret,
  sinkRotateSecret,
];
