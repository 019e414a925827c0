// How the emulated plug-in can be asked to behave, and the codes that КриптоПро answers with.

export const CODES = {
  cancel: ['Действие было отменено пользователем.', '8010006E'],
  'cancel-window': ['Операция была отменена пользователем.', '000004C7'],
  pin: ['Неправильный ПИН-код.', '8010006B'],
  'pin-locked': ['The card cannot be accessed because the maximum number of PIN entry attempts has been reached.', '8010006C'],
  licence: ['Истек срок действия лицензии или лицензия отсутствует.', '8007065B'],
  chain: ['A certificate chain could not be built to a trusted root authority.', '800B010A'],
  untrusted: ['Цепочка сертификатов обработана, но прервана на корневом сертификате.', '800B0109'],
  expired: ['Срок действия требуемого сертификата истек.', '800B0101'],
  key: ['Ключ не существует.', '8009000D'],
  'no-key-set': ['Набор ключей не существует.', '80090016'],
  signature: ['Подпись не проверена.', '80090006'],
  tsp: ['TSP client error', 'C2110100'],
};

export const BEHAVIOURS = {
  usual: 'plug-in 2.0.15000, CSP 5.0; base64 with line breaks',
  'no-plugin': 'the extension is here, the plug-in is not',
  untrusted_site: 'the person does not trust the site',
  old: 'plug-in 2.0.11000',
  'no-csp': 'no CSP',
  'old-csp': 'CSP 3.9',
  empty: 'no certificates',
  unreadable: 'certificates that cannot be read',
  'other-certificate': 'signs with another certificate than the one chosen',
  'no-certificate': 'a signature without its certificate',
  'other-text': 'a signature over something else',
  words: 'words for a signature',
  nothing: 'an empty signature',
  hang: 'never answers a signature',
  twice: 'answers everything twice',
  lost: 'the extension loses the plug-in in the middle',
  ...Object.fromEntries(Object.entries(CODES).map(([name, [words, code]]) => [name, `${words} (0x${code})`])),
};
