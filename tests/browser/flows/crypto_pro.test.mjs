// A-3 … A-7, 4.1.2: «Где ваш ключ?» – КриптоПро ЭЦП Browser plug-in, against an emulated extension and plug-in.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CryptoPro, EXTENSION, EXTENSION_ID } from '../../../scripts/agents/cryptopro/plugin.mjs';
import { CODES } from '../../../scripts/agents/cryptopro/behaviour.mjs';
import { Key } from '../../../scripts/agents/lib/keys.mjs';
import { WIDTHS, launchWith, visitor, watched } from '../lib/browser.mjs';
import { expect, giveEmail } from '../lib/person.mjs';
import { PASSWORD, iin } from '../lib/pki.mjs';
import { Town } from '../lib/town.mjs';

const GOST = { surname: 'Петрова', given: 'Мария', patronymic: 'Ивановна', iin: iin('790504', 4, 200) };
let town; let context; let plugin; let askhat; let keys;

before(async () => {
  town = await Town.open({ extra: `
[keys]
sources = ["file", "ncalayer", "crypto-pro"]
crypto_pro_extensions = ["${EXTENSION_ID}"]
` });
  askhat = town.person('Сериков', 'Асхат', 'Қайратұлы');
  const expired = town.authority.keyFile('expired', askhat, { when: 'expired' });
  town.authority.keyFile('gost', GOST, { kind: 'GOST' });
  keys = [Key.open(expired, PASSWORD), Key.open(askhat.key, PASSWORD), Key.open(join(town.dir, 'authority/gost.pem'))];
  context = await launchWith(EXTENSION);
  plugin = await CryptoPro.open({ keys });
});

after(async () => {
  await context?.close();
  await plugin?.close();
  for (const key of keys ?? []) key.forget();
  await town?.close();
});

const state = (page, name) => page.locator(`#key-dialog[data-state="${name}"]`).waitFor();
const problem = (page) => page.locator('[data-part="problem"]');
const begin = (page) => page.locator('[data-place="crypto-pro"] .button-primary').click();
const sign = (page) => page.locator('[data-act="sign"]').click();

/** Somebody with the extension who has chosen КриптоПро. */
async function chooser(size = WIDTHS[1]) {
  const page = await context.newPage();
  await page.setViewportSize({ width: size.width, height: size.height });
  const person = watched(context, page, size, 'ru');
  person.close = async () => { assert.deepEqual(person.faults, []); await page.close(); await context.clearCookies(); };
  await page.goto(`${town.kabinet.url}/sign-in`);
  await page.locator('#key-dialog').waitFor();
  await page.locator('[data-place="crypto-pro"] .choice').click();
  return person;
}

for (const size of WIDTHS) {
  test(`A-3, A-4.c: into the cabinet with a certificate of КриптоПро, ${size.name}`, async () => {
    plugin.behave('usual');
    const person = await chooser(size);
    const { page } = person;
    await person.look('chooser-crypto-pro');
    await begin(page);
    await state(page, 'keys');
    await expect.text(page.locator('[data-part="keys"]'), /Сериков Асхат[\s\S]*Срок закончился 01\.10\.2024/);
    await person.look('crypto-pro-keys');
    await sign(page);
    await state(page, 'signed');
    await person.look('crypto-pro-signed');
    await page.locator('[data-part="ready"] .button-primary').click();
    if (size === WIDTHS[0]) await giveEmail(page, town.kabinet.mail, askhat.address);
    await page.waitForURL(/\/cabinet/);
    await person.close();
  });
}

test('4.1.2: a certificate of GOST R 34.10-2012 through КриптоПро', async () => {
  plugin.behave('usual');
  const person = await chooser();
  const { page } = person;
  await begin(page);
  await state(page, 'keys');
  await page.locator('[data-part="keys"] label', { hasText: 'Петрова' }).click();
  await expect.text(page.locator('[data-field="card"]'), /34\.10-2012 \(256\)/);
  await sign(page);
  await state(page, 'signed');
  await page.locator('[data-part="ready"] .button-primary').click();
  await page.waitForURL(/\/first-entry/);
  await person.close();
});

const BEFORE = [
  ['no-plugin', /плагин не отвечает/],
  ['untrusted_site', /плагин не отвечает[\s\S]*доверяете ли вы сайту/],
  ['old', /слишком старый[\s\S]*2\.0\.12438/],
  ['no-csp', /КриптоПро CSP не найден/],
  ['old-csp', /КриптоПро CSP не найден/],
  ['empty', /Сертификатов с ключами не найдено/],
  ['unreadable', /Сертификатов с ключами не найдено/],
];
for (const [behaviour, words] of BEFORE) {
  test(`A-3.b: what is missing on the computer is told (${behaviour})`, async () => {
    plugin.behave(behaviour);
    const person = await chooser();
    const { page } = person;
    await begin(page);
    await expect.text(problem(page), words);
    await state(page, 'choose');
    await person.look(`crypto-pro-${behaviour}`);
    plugin.behave('usual');
    await page.getByRole('button', { name: 'Попробовать ещё раз' }).click();
    await state(page, 'keys');
    await person.close();
  });
}

const WORDS = {
  cancel: /Подпись отменена/, 'cancel-window': /Подпись отменена/, pin: /ПИН-код не подошёл/, 'pin-locked': /Токен заблокирован/,
  licence: /лицензия КриптоПро/, chain: /не доверяет центру/, untrusted: /не доверяет центру/, expired: /Срок сертификата закончился/,
  key: /Закрытый ключ недоступен/, 'no-key-set': /Закрытый ключ недоступен/, signature: /не смог проверить свою подпись/, tsp: /не смог подписать[\s\S]*Ответ программы/,
  'other-certificate': /другим сертификатом/, 'no-certificate': /нет сертификата/, 'other-text': /не тот текст/, words: /не похож на подпись/,
  nothing: /не похож на подпись/, lost: /закрылась посреди работы/,
};
test('A-3.b: every code of КриптоПро has a text, and one can try again', async () => {
  assert.deepEqual(Object.keys(CODES).filter((code) => !(code in WORDS)), []);
  plugin.behave('usual');
  const person = await chooser();
  const { page } = person;
  await begin(page);
  await state(page, 'keys');
  for (const [behaviour, words] of Object.entries(WORDS)) {
    plugin.behave(behaviour);
    await sign(page);
    await expect.text(problem(page), words, behaviour);
    await state(page, 'keys');
  }
  await person.look('crypto-pro-failed');
  assert.equal(person.traffic.some((r) => r.method === 'POST' && r.url.endsWith('/sign-in/certificate')), false, 'nothing was posted');
  plugin.behave('twice');
  await sign(page);
  await state(page, 'signed');
  await person.close();
});

test('A-3.b: a browser without the extension is told where to get it, and the page holds nothing of strangers', async () => {
  const person = await visitor(town.browser, town.kabinet.url);
  const { page } = person;
  await page.goto('/sign-in');
  await page.locator('[data-place="crypto-pro"] .choice').click();
  await begin(page);
  await expect.text(problem(page), /Расширение КриптоПро не найдено/);
  await person.look('crypto-pro-extension');
  await person.close();
});

test('D-3: the component check finds both programs, says what to do about the missing one', async () => {
  plugin.behave('usual');
  for (const size of WIDTHS) {
    const page = await context.newPage();
    await page.setViewportSize({ width: size.width, height: size.height });
    const person = watched(context, page, size, 'ru');
    await page.goto(`${town.kabinet.url}/check`);
    await expect.text(page.locator('[data-check="module"]'), /Готово[\s\S]*прямо на этой странице/);
    await person.look('check');
    await page.locator('[data-act="look"]').click();
    await expect.text(page.locator('[data-check="crypto-pro"]'), /Найден: плагин 2\.0\.15000, КриптоПро CSP 5\.0/);
    await expect.text(page.locator('[data-check="ncalayer"]'), /Не получится[\s\S]*NCALayer не найден/);
    await person.look('check-programs');
    await page.close();
  }
});

for (const language of ['kk', 'en']) {
  test(`D-3: the component check in ${language}`, async () => {
    const person = await visitor(town.browser, town.kabinet.url, { language, size: WIDTHS[0] });
    await person.page.goto('/check');
    await person.page.locator('[data-check="clock"] [data-state="good"]').waitFor();
    await person.look('check');
    await person.close();
  });
}

test('D-3: without scripts the check says so', async () => {
  const plain = await town.browser.newContext({ baseURL: town.kabinet.url, javaScriptEnabled: false, locale: 'ru-RU' });
  const page = await plain.newPage();
  await page.goto('/check');
  await expect.text(page.locator('main'), /выключены сценарии[\s\S]*по паролю/);
  await expect.text(page.locator('main'), /support@example\.kz/);
  await plain.close();
});
