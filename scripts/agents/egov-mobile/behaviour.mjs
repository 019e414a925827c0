// How the emulator of eGov Mobile can be asked to behave: what the apps do, and everything that a server has to survive.

export const BEHAVIOURS = {
  usual: 'fetches API-1 and API-2, signs the document with the data inside, sends it back by PUT',
  detached: 'a signature without the document in it',
  lines: 'base64 in lines of 64',
  business: 'keeps only the documents of the answer, as eGov Business does',
  other: 'another document under the right number',
  words: 'words in place of a signature',
  empty: 'an empty signature',
  none: 'no document at all',
  two: 'the document twice',
  'no-certificate': 'a signature without its certificate',
  text: 'a PUT that is no JSON',
  twice: 'the same signature twice',
  look: 'reads and does not sign, as a person who cancels in the app',
};
