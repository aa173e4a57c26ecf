import { exempt, must, once, section, should, stated } from '../requirement.ts';
import type { Requirement } from '../requirement.ts';

const callers = exempt('caller', 'binds who calls the gateway');

/** The rest of section 3 and section 4: what holds for every operation, and the objects. */
export const semanticRequirements: readonly Requirement[] = [
  ...section('3.2.6', {
    'PARAMS-1': must('Custom bindings say how service parameters travel.', exempt('custom-binding', 'none is offered')),
  }),
  ...section('3.3.1', { 'IDEMPOTENT-1': stated('Canceling a canceled task again changes nothing.') }),
  ...section('3.3.2', {
    'ERROR-1': must('What fails is answered with the error that fits.'),
    'ERROR-2': should('Errors say what the caller can do.'),
    'ERROR-3': must('Missing and false credentials are refused.'),
    'ERROR-4': should('A refusal for want of credentials carries a challenge.', { on: ['JSONRPC', 'HTTP+JSON'] }),
    'ERROR-5': should('It names the scheme that is wanted.'),
    'ERROR-6': must('A caller without the right gets an authorization error.'),
    'ERROR-7': should('It says which scope is missing, and nothing about what the caller may not see.'),
    'ERROR-8': must('No caller learns of resources that it may not see.'),
    'ERROR-9': must('Input is checked before anything is done with it.'),
    'ERROR-10': should('A validation error names the fields.'),
    'ERROR-11': should('It says what would have been right.'),
    'ERROR-12': must('What is not there, or not the caller’s, is not found.'),
    'ERROR-13': should('“Not there” and “not yours” look the same.'),
    'ERROR-14': should('Failures that pass and failures that stay have different codes.', once),
    'ERROR-15': should('System errors are logged.', exempt('inward', 'a log is no part of the wire')),
    'ERROR-16': must('Every error has a code for machines and a message for people.'),
    'ERROR-17': must('Every detail of an error names its type.'),
    'ERROR-18': should('Details have well-known types where there is one.'),
    'ERROR-19': must('A binding puts errors in its own form without changing what they mean.'),
  }),
  ...section('3.3.4', {
    'CAPABILITY-1': must('What the card does not declare is refused when it is asked for.'),
    'CAPABILITY-2': must(
      'Push operations on an agent without push are refused as PushNotificationNotSupported.',
      exempt('inward', 'the gateway notifies for every agent, so every card of its declares push notifications'),
    ),
    'CAPABILITY-3': must(
      'Streams of an agent without streaming are refused.',
      exempt('inward', 'the gateway streams for every agent, so every card of its declares streaming'),
    ),
    'CAPABILITY-4': must(
      'The extended card of an agent without one is refused as an unsupported operation.',
      exempt('inward', 'the gateway has an extended card for every agent, so every card of its declares one'),
    ),
    'CAPABILITY-5': must(
      'A declared extended card that does not exist is answered as not configured.',
      exempt('inward', 'the gateway has an extended card for every agent'),
    ),
    'CAPABILITY-6': must('A required extension that the caller does not name is refused as required.'),
    'CAPABILITY-7': should('A client reads the card before it uses what is optional.', once),
  }),
  ...section('3.4.1', {
    'CONTEXT-1': must('A context that the agent makes up is in the answer.'),
    'CONTEXT-2': must('A context that cannot be taken is refused.'),
    'CONTEXT-3': must('No other context takes the place of the caller’s.'),
    'CONTEXT-4': should('Callers leave contexts to the agent.', callers),
    'CONTEXT-5': should('Callers read nothing into a context id.', callers),
    'CONTEXT-6': should('Tasks and messages of one context belong together.'),
    'CONTEXT-7': should('How long contexts live is documented.', exempt('paper', 'asks for a document')),
  }),
  ...section('3.4.2', {
    'TASK-1': must('Every new task gets an id of its own.'),
    'TASK-2': must('The id of a task is in the task.'),
    'TASK-3': must('A message names only tasks that exist.', callers),
    'TASK-4': must('A message to a task that does not exist is answered with TaskNotFound.'),
  }),
  ...section('3.4.3', {
    'TURN-1': must('A message that names its task alone is in the context of that task.'),
    'TURN-2': must('A message whose context is not that of its task is refused.'),
    'TURN-3': should('Callers name related tasks.', callers),
    'TURN-4': should('Agents use the tasks that a message refers to.', exempt('agent', 'use happens in the agent')),
    'TURN-5': should('Agents use what they share with earlier tasks: the context reaches them.', once),
    'TURN-6': stated('A task that asks for input goes on with the next message to it.'),
  }),
  ...section('3.5.2', {
    'ORDER-1': must('Events come in the order in which they happened.'),
    'ORDER-2': must('No binding reorders events.'),
    'ORDER-3': must('An event goes to every open stream of its task.'),
    'ORDER-4': must('All streams of a task carry the same events in the same order.'),
    'ORDER-5': must('Closing one stream leaves the others as they were.'),
  }),
  ...section('3.6', {
    'VERSION-1': should('Versions are written without a patch number.'),
    'VERSION-2': must('A patch number makes no difference.'),
  }),
  ...section('3.6.1', { 'VERSION-3': must('Clients say which version they speak, with every request.', once) }),
  ...section('3.6.2', {
    'VERSION-4': must('A request is understood in the version that it names.'),
    'VERSION-5': must('A version that is not spoken is refused as VersionNotSupported.'),
    'VERSION-6': must('No version means 0.3.'),
    'VERSION-7': stated('The version may stand in the query instead of the header.', { on: ['JSONRPC', 'HTTP+JSON'] }),
  }),
  ...section('3.6.3', {
    'VERSION-8': must('Libraries help with versions.', exempt('author', 'binds libraries, not servers')),
  }),
  ...section('3.7', {
    'OUTPUT-1': should('Messages carry no results.', exempt('agent', 'what is a result is the agent’s to know')),
    'OUTPUT-2': should('Results are artifacts.', exempt('agent', 'what is a result is the agent’s to know')),
    'OUTPUT-3': must('Nothing critical rests on messages alone.', callers),
    'OUTPUT-4': must('A client does not rely on all messages being kept.', callers),
  }),
  ...section('4', { 'MODEL-1': must('Every binding shows the same objects.') }),
  ...section('4.3.3', {
    'WEBHOOK-1': must('Notifications carry the credentials that their configuration asks for.'),
    'WEBHOOK-2': must('Receivers acknowledge with 2xx.', exempt('caller', 'binds receivers of webhooks')),
    'WEBHOOK-3': must('Receivers check the task.', exempt('caller', 'binds receivers of webhooks')),
    'WEBHOOK-4': must('Every configured webhook is called once at least.'),
    'WEBHOOK-5': should('Receivers bear repeats.', exempt('caller', 'binds receivers of webhooks')),
    'WEBHOOK-6': should('Receivers verify the source.', exempt('caller', 'binds receivers of webhooks')),
    'WEBHOOK-7': should(
      'Webhook calls have a timeout.',
      exempt('inward', 'seen only by waiting longer than a suite may; the tests of deliveries move the clock'),
    ),
    'WEBHOOK-8': stated('A notification is one StreamResponse in the media type of A2A.'),
  }),
  ...section('4.6.3', {
    'EXTENSION-1': should('URIs of extensions hold a version.', exempt('author', 'binds who defines an extension')),
    'EXTENSION-2': must('A breaking change makes a new URI.', exempt('author', 'binds who defines an extension')),
    'EXTENSION-3': should('An extension that is not supported is passed over.'),
    'EXTENSION-4': must('Unless it is required: then its absence is an error.'),
    'EXTENSION-5': must('No other version of an extension takes its place.'),
    'EXTENSION-6': stated('Metadata and extensions of messages and artifacts pass unchanged.'),
  }),
];
