import { exempt, must, once, section, should } from '../requirement.ts';
import type { Requirement } from '../requirement.ts';

const receivers = exempt('caller', 'binds receivers of webhooks');
const tls = exempt('deployment', 'TLS is configured where it runs');
const custom = exempt('custom-binding', 'none is offered');
const editors = exempt('author', 'binds who edits the specification');

/** Sections 13, 14 and the appendix: security, registrations, old names. */
export const securityRequirements: readonly Requirement[] = [
  ...section('13.1', {
    'ACCESS-1': must('Everything is confined to what the caller may.'),
    'ACCESS-2': must('Every operation is authorized on every request.'),
    'ACCESS-3': must('Results are confined to the caller’s bounds.'),
    'ACCESS-4': must('Also without any filter.'),
    'ACCESS-5': must('Lists hold the caller’s tasks only.'),
    'ACCESS-6': must('Another’s task cannot be got.'),
    'ACCESS-7': must('Another’s task can be neither canceled nor watched nor given a webhook.'),
    'ACCESS-8': must('Checks come before anything that could tell that a resource exists.'),
    'ACCESS-9': should('Who may do what is documented.', exempt('paper', 'asks for a document')),
  }),
  ...section('13.2', {
    'HOOK-1': must('Webhook calls carry the credentials of their configuration.'),
    'HOOK-2': should('Webhook calls have a timeout.', exempt('inward', 'the tests of deliveries move the clock')),
    'HOOK-3': should('Failed webhook calls are repeated, later and later.', once),
    'HOOK-4': should('Webhooks into private networks are refused.', once),
    'HOOK-5': must('Receivers authenticate webhooks.', receivers),
    'HOOK-6': should('Receivers check the task.', receivers),
    'HOOK-7': must('Receivers acknowledge with 2xx.', receivers),
    'HOOK-8': should('Receivers bear repeats.', receivers),
    'HOOK-9': should('Receivers limit rates.', receivers),
    'HOOK-10': should('Receivers use HTTPS.', receivers),
    'HOOK-11': should('Webhook addresses are HTTPS.', receivers),
    'HOOK-12': should('Tokens are secret and change.', receivers),
    'HOOK-13': should('Configurations are stored safely.', exempt('inward', 'storage does not reach the wire')),
    'HOOK-14': should('Each configuration has a token of its own.', receivers),
  }),
  ...section('13.3', {
    'PRIVATE-1': must('The extended card takes authentication.'),
    'PRIVATE-2': must('By a scheme that the public card declares.'),
    'PRIVATE-3': should('Extended cards say how they may be kept.', { on: ['HTTP+JSON'] }),
    'PRIVATE-4': should('What is shown at which level is documented.', exempt('paper', 'asks for a document')),
    'PRIVATE-5': should('Extended cards hold nothing that hurts when it leaks.'),
    'PRIVATE-6': must('What is privileged needs the permission for it.'),
    'PRIVATE-7': should('Readers replace the cached card.', exempt('caller', 'binds who reads cards')),
    'PRIVATE-8': should('Extended cards have versions, and readers who ask again are heard.', { on: ['HTTP+JSON'] }),
    'PRIVATE-9': must(
      'Undeclared extended cards are an unsupported operation.',
      exempt('inward', 'the gateway has an extended card for every agent'),
    ),
    'PRIVATE-10': must(
      'Declared and missing ones are not configured.',
      exempt('inward', 'the gateway has an extended card for every agent'),
    ),
  }),
  ...section('13.4', {
    'BEST-1': must('In production everything is encrypted.', tls),
    'BEST-2': should('With a modern TLS.', tls),
    'BEST-3': should('HTTP is confined to TLS by its header.', tls),
    'BEST-4': should('Old versions of TLS are off.', tls),
    'BEST-5': must('Input is checked before anything is done with it.'),
    'BEST-6': should('Sizes and complexity have limits.'),
    'BEST-7': should('Unexpected media types are refused.'),
    'BEST-8': must('Credentials are kept secret.', once),
    'BEST-9': should('Credentials change.', exempt('paper', 'binds who operates it')),
    'BEST-10': should('Credentials travel encrypted.', tls),
    'BEST-11': should('Credentials can be revoked.', once),
    'BEST-12': should('Failed logins are logged and limited.', once),
    'BEST-13': should('What matters to security is logged.', once),
    'BEST-14': should('Odd patterns are watched for.', exempt('paper', 'binds who operates it; the metrics are there')),
    'BEST-15': should('Sensitive operations leave a trail.', once),
    'BEST-16': must('No secret is in a log.', once),
    'BEST-17': should('Rates are limited.', once),
    'BEST-18': should('Who exceeds a rate gets an error that says so.', once),
    'BEST-19': must('Data protection law is obeyed.', exempt('paper', 'binds who operates it')),
    'BEST-20': should('People can have their data deleted.', exempt('paper', 'binds who operates it')),
    'BEST-21': should('Data is kept for a reason and a time.', exempt('paper', 'binds who operates it')),
    'BEST-22': should('Little that is personal is logged.', once),
    'BEST-23': must('Custom bindings look after security.', custom),
    'BEST-24': should('By the same principles.', custom),
    'BEST-25': must('And document how they authenticate.', custom),
  }),
  ...section('14.1.1', {
    'MEDIA-1': must('JSON is UTF-8.', { on: ['HTTP+JSON'] }),
    'MEDIA-2': must('Content is checked against the schema before it is used.', { on: ['HTTP+JSON'] }),
    'MEDIA-3': must('Content of users is made harmless.', exempt('agent', 'the gateway interprets no content')),
    'MEDIA-4': must(
      'References to files are checked.',
      exempt('agent', 'the gateway follows no reference in a message'),
    ),
    'MEDIA-5': must('Authentication and authorization are enforced.', { on: ['HTTP+JSON'] }),
    'MEDIA-6': must('Sensitive content is protected by law.', exempt('paper', 'binds who operates it')),
  }),
  ...section('14.2.1', { 'HEADER-1': must('A version is major and minor.', { on: ['JSONRPC', 'HTTP+JSON'] }) }),
  ...section('14.3', {
    'WELL-KNOWN-1': must('The well-known address answers a card of the schema.', once),
    'WELL-KNOWN-2': should('Cards hold no secrets and no inner addresses.', once),
    'WELL-KNOWN-3': should('Cards are served over HTTPS.', tls),
    'WELL-KNOWN-4': should('Readers verify signatures.', exempt('caller', 'binds who reads cards')),
    'WELL-KNOWN-5': must('Extended cards are shown to those who may see them.'),
  }),
  ...section('A', { 'OLD-1': must('Old names can still be resolved.', editors) }),
  ...section('A.1', { 'OLD-2': should('Old anchors stand by the new ones.', editors) }),
  ...section('A.2', {
    'OLD-3': should('Clients take the new names.', exempt('author', 'binds who migrates a client')),
  }),
  ...section('A.3', { 'OLD-4': must('The appendix is edited by hand.', editors) }),
];
