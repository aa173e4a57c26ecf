import { exempt, must, once, section, should, stated } from '../requirement.ts';
import type { Requirement } from '../requirement.ts';

const cached = exempt('caller', 'binds who reads cards');

/** Section 8: agent cards. */
export const discoveryRequirements: readonly Requirement[] = [
  ...section('8.1', { 'CARD-1': must('There is a card.', once) }),
  ...section('8.2', { 'CARD-2': stated('It is at the well-known address below the agent.', once) }),
  ...section('8.3', { 'CARD-3': must('The card declares the protocols that are served.', once) }),
  ...section('8.3.1', {
    'CARD-4': should('It declares all of them, the preferred one first.', once),
    'CARD-5': must('Each declared interface is what it says, where it says.'),
  }),
  ...section('8.3.2', {
    'CHOICE-1': must('Clients take the first interface that they can speak.', once),
    'CHOICE-2': stated('They use the address of that interface.', once),
    'CHOICE-3': stated('They repeat its tenant in every request, or leave it out when it has none.', once),
  }),
  ...section('8.4.1', {
    'SIGN-1': must('What is signed is the card in its canonical form.', once),
    'SIGN-2': must('Presence of fields follows the schema.', once),
    'SIGN-3': must('Optional fields that were not set are left out.', once),
    'SIGN-4': must('Optional fields that were set are kept, default or not.', once),
    'SIGN-5': must('Required fields are kept.', once),
    'SIGN-6': must('Other defaults are left out.', once),
    'SIGN-7': must('The canonical form is that of RFC 8785.', once),
    'SIGN-8': must('The signatures are no part of what is signed.', once),
  }),
  ...section('8.4.2', {
    'SIGN-9': must('The protected header names algorithm and key.', once),
    'SIGN-10': should('Its type is JOSE.', once),
  }),
  ...section('8.4.3', {
    'VERIFY-1': must('A signature is checked with a known key over the canonical card.', once),
    'VERIFY-2': should('A signed card is trusted only when one signature holds.', once),
    'VERIFY-3': should(
      'Keys come over secure ways.',
      exempt('deployment', 'the gateway fetches no keys; it is given them'),
    ),
    'VERIFY-4': must('Expired and revoked keys verify nothing.', once),
  }),
  ...section('8.6', { 'CACHE-1': should('Cards use the caching of HTTP.', once) }),
  ...section('8.6.1', {
    'CACHE-2': should('A card says how long it may be kept.', once),
    'CACHE-3': should('A card has an entity tag.', once),
  }),
  ...section('8.6.2', {
    'CACHE-4': should('Readers keep cards as HTTP allows.', cached),
    'CACHE-5': should('Readers ask whether a card changed.', cached),
  }),
];
