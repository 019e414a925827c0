// A-1 … A-7 and 4.1: into the cabinet with a key file, and every reason not to get in.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { WIDTHS, launch, visitor } from '../lib/browser.mjs';
import { Kabinet } from '../lib/kabinet.mjs';
import { enter, expect, giveEmail, lookAtKey, nothingOfTheKeyLeft, openKey, signRequest } from '../lib/person.mjs';
import { Authority, PASSWORD, iin } from '../lib/pki.mjs';

const GULNUR = { surname: 'Әбілқасым', given: 'Гүлнұр', patronymic: 'Ғабитқызы', iin: iin('850312', 4, 101) };
const IVAN = { surname: 'Петров', given: 'Иван', patronymic: 'Сергеевич', iin: iin('790504', 3, 200) };
const keys = {};
let dir; let kabinet; let browser; let strangers;

before(async () => {
  dir = mkdtempSync(join(tmpdir(), 'kabinet-pki-'));
  const authority = new Authority(join(dir, 'authority'));
  strangers = new Authority(join(dir, 'strangers'), 'ЧУЖОЙ ЦЕНТР');
  keys.gulnur = authority.keyFile('gulnur', GULNUR);
  keys.legacy = authority.keyFile('legacy', IVAN, { form: 'legacy' });
  keys.p256 = authority.keyFile('p256', { ...IVAN, iin: iin('790504', 3, 300) }, { kind: 'P256' });
  keys.ed25519 = authority.keyFile('ed25519', { ...IVAN, iin: iin('790504', 3, 400) }, { kind: 'Ed25519' });
  keys.signing = authority.keyFile('signing', GULNUR, { use: 'sign' });
  keys.expired = authority.keyFile('expired', GULNUR, { when: 'expired' });
  keys.future = authority.keyFile('future', GULNUR, { when: 'future' });
  keys.revoked = authority.keyFile('revoked', IVAN);
  keys.stranger = strangers.keyFile('stranger', GULNUR);
  keys.notAKey = join(dir, 'photo.p12');
  writeFileSync(keys.notAKey, 'just a picture with a wrong name');
  authority.revoke('revoked');
  kabinet = await Kabinet.open({ anchors: [authority.anchor], intermediates: [authority.intermediate], crls: authority.lists() });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await kabinet?.close();
  rmSync(dir, { recursive: true, force: true });
});

for (const size of WIDTHS) {
  test(`A-1 … A-9: from the start page to one's own name, ${size.name}`, async () => {
    const person = await visitor(browser, kabinet.url, { size });
    const { page } = person;
    await page.goto('/');
    await expect.text(page.locator('main'), /Войти в личный кабинет/);
    await expect.text(page.locator('footer'), /1308[\s\S]*support@example\.kz/);
    await person.look('start');
    await page.getByRole('link', { name: 'Войти в личный кабинет' }).click();
    await expect.text(page.locator('main'), /по ЭЦП[\s\S]*По ИИН/);
    await page.locator('#key-dialog').waitFor();
    await person.look('sign-in');

    await lookAtKey(page, keys.gulnur);
    const card = page.locator('[data-field="card"]');
    await expect.text(card, /ӘБІЛҚАСЫМ ГҮЛНҰР/i);
    await expect.text(card, /ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ \(RSA\) СЫНАҚ/);
    await expect.text(card, /RSA/);
    await expect.text(card, new RegExp(GULNUR.iin));
    const serial = execFileSync('openssl', ['x509', '-in', join(dir, 'authority/gulnur.pem'), '-noout', '-serial']).toString().trim().split('=')[1];
    assert.equal((await card.locator('[data-field="serial"]').innerText()).replace(/[^0-9a-f]/gi, '').toUpperCase().replace(/^0+/, ''), serial.replace(/^0+/, ''));
    await expect.text(card.locator('[data-field="validity"]'), /\d\d\.\d\d\.\d{4}.*\d\d:\d\d.*(UTC|GMT|\+)/s);
    assert.equal(await card.locator('[data-field="issuer"]').getAttribute('lang'), 'kk');
    await person.look('key-opened');
    assert.equal(person.traffic.filter((r) => r.method === 'POST').length, 0, 'A-7: look first; nothing was posted yet');

    await page.locator('[data-act="sign"]').click();
    await page.locator('#key-dialog[data-state="signed"]').waitFor();
    await page.locator('[data-part="ready"] summary').click();
    const signed = await page.locator('[data-field="text"]').innerText();
    assert.match(signed, /^Kabinet\/1 sign-in\n/);
    assert.match(signed, new RegExp(`localhost:${kabinet.port}`));
    await person.look('key-signed');
    assert.equal((await page.context().cookies()).filter((c) => c.name === '__Host-kabinet').length, 0, 'A-7: not in yet');
    await page.locator('[data-part="ready"] .button-primary').click();

    if (size.name === 'phone') {
      await page.waitForURL(/\/first-entry/);
      await person.look('first-entry');
      await page.goto('/profile/contacts');
      await expect.path(page, /^\/first-entry/);
      await giveEmail(page, kabinet.mail, 'gulnur@example.kz');
    }
    await page.waitForURL(/\/cabinet/);
    await person.look('home');
    await page.getByRole('link', { name: /Әбілқасым/i }).first().click();
    await expect.path(page, /^\/profile\/contacts/);
    await expect.text(page.locator('main'), /Контакты[\s\S]*Привязка/);
    await page.goto('/');
    await expect.text(page.locator('main'), /Әбілқасым/i);
    await person.look('start-signed-in');
    nothingOfTheKeyLeft(person.traffic, {
      'the password': Buffer.from(PASSWORD),
      'the key file': readFileSync(keys.gulnur).subarray(40, 72),
      'the private key': privateBytes('gulnur'),
    });
    await person.close();
  });
}

/** Bytes that only the private key has: a part of its second prime. */
function privateBytes(name) {
  const text = execFileSync('openssl', ['rsa', '-in', join(dir, `authority/${name}.key`), '-noout', '-text'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  const hex = /prime2:\s+([0-9a-f:\s]+)exponent1/.exec(text)[1].replace(/[:\s]/g, '');
  return Buffer.from(hex.slice(20, 60), 'hex');
}

for (const [name, kind] of [['legacy', 'RC2-40 and 3DES'], ['p256', 'ECDSA'], ['ed25519', 'Ed25519']]) {
  test(`4.1.1: a key file of another make opens the cabinet (${kind})`, async () => {
    const person = await visitor(browser, kabinet.url);
    await person.page.goto('/sign-in');
    await enter(person.page, keys[name]);
    await expect.path(person.page, /^\/first-entry/);
    await person.close();
  });
}

const UNUSABLE = [
  ['expired', 'A-6.b', /Срок закончился 01\.10\.2024/],
  ['future', 'A-6.b', /Начнёт действовать .*2040/],
  ['signing', 'A-5.a', /AUTH/],
];
for (const size of WIDTHS) {
  for (const [name, id, words] of UNUSABLE) {
    test(`${id}: the dialog says why a key cannot sign in (${name}), ${size.name}`, async () => {
      const person = await visitor(browser, kabinet.url, { size });
      await person.page.goto('/sign-in');
      await lookAtKey(person.page, keys[name]);
      await expect.text(person.page.locator('[data-part="keys"]'), words);
      assert.equal(await person.page.locator('[data-act="sign"]').isVisible(), false);
      await person.look(`key-${name}`);
      await person.close();
    });
  }
}

const REFUSED = [
  ['revoked', /отозван/i, 'certificate.revoked'],
  ['stranger', /центр|издател|не знаком|неизвест/i, 'certificate.unknown_issuer'],
];
for (const size of WIDTHS) {
  for (const [name, words, code] of REFUSED) {
    test(`A-6.b: the server refuses ${code} in words, ${size.name}`, async () => {
      const person = await visitor(browser, kabinet.url, { size });
      await person.page.goto('/sign-in');
      await signRequest(person.page, keys[name]);
      await person.page.locator('[data-part="ready"] .button-primary').click();
      await expect.text(person.page.locator('main'), words);
      assert.equal((await person.context.cookies()).some((c) => c.name === '__Host-kabinet'), false);
      await person.look(`refused-${name}`);
      await person.close();
    });
  }
}

for (const size of WIDTHS) {
  test(`A-4.b, A-4.e: wrong password and unknown format are different sentences, ${size.name}`, async () => {
    const person = await visitor(browser, kabinet.url, { size });
    const { page } = person;
    await page.goto('/sign-in');
    await openKey(page, keys.gulnur, 'не тот пароль');
    await expect.text(page.locator('#key-password-error'), /Пароль не подошёл/);
    await expect.text(page.locator('#key-file-name'), /gulnur\.p12/);
    assert.equal(await page.locator('#key-password').inputValue(), '');
    await person.look('key-wrong-password');
    await openKey(page, keys.notAKey);
    await expect.text(page.locator('#key-file-error'), /не похож на ключ/);
    await person.look('key-unknown-format');
    await person.close();
  });
}

test('A-4: the eye shows the password and hides it again', async () => {
  const person = await visitor(browser, kabinet.url);
  const { page } = person;
  await page.goto('/sign-in');
  await page.locator('#key-password').fill('виден');
  const eye = page.locator('#key-password + button, .with-eye:has(#key-password) button').first();
  await eye.click();
  assert.equal(await page.locator('#key-password').getAttribute('type'), 'text');
  await eye.click();
  assert.equal(await page.locator('#key-password').getAttribute('type'), 'password');
  await person.close();
});

test('A-4.d, A-7.a, A-7.b: cancel at any point leaves nothing behind', async () => {
  const person = await visitor(browser, kabinet.url);
  const { page } = person;
  await page.goto('/sign-in');
  await lookAtKey(page, keys.gulnur);
  await page.locator('[data-part="other"] [data-act="cancel"]').click();
  await page.locator('#key-dialog[data-state="choose"]').waitFor();
  assert.equal(await page.locator('#key-file').evaluate((f) => f.files.length), 0);
  await signRequest(page, keys.gulnur);
  await page.getByRole('button', { name: 'Это не я' }).click();
  await page.locator('#key-dialog[data-state="choose"]').waitFor();
  assert.equal(await page.locator('[name="cms"]').first().inputValue(), '');
  assert.equal((await person.context.cookies()).some((c) => c.name === '__Host-kabinet'), false);
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  assert.doesNotMatch(kept, /gulnur|ӘБІЛ|пароль/i);
  await person.close();
});

test('A-4: «Обновить список ключей» reads the file again after its password', async () => {
  const person = await visitor(browser, kabinet.url);
  const { page } = person;
  await page.goto('/sign-in');
  await lookAtKey(page, keys.gulnur);
  await page.getByRole('button', { name: 'Обновить список ключей' }).click();
  await page.locator('#key-dialog[data-state="choose"]').waitFor();
  assert.equal(await page.locator('#key-file').evaluate((f) => f.files.length), 1);
  await page.locator('#key-password').fill(PASSWORD);
  await page.locator('[data-place="file"] .button-primary').click();
  await page.locator('#key-dialog[data-state="keys"]').waitFor();
  await person.close();
});

test('4.1.3: an answer sent twice opens one session', async () => {
  const person = await visitor(browser, kabinet.url);
  const { page } = person;
  await page.goto('/sign-in');
  await signRequest(page, keys.gulnur);
  const [request] = await Promise.all([page.waitForRequest((r) => r.url().endsWith('/sign-in/certificate')), page.locator('[data-part="ready"] .button-primary').click()]);
  await page.waitForURL(/\/cabinet|\/first-entry/);
  const again = await person.context.request.post('/sign-in/certificate', { headers: { 'content-type': 'application/x-www-form-urlencoded', origin: kabinet.url }, data: request.postData(), maxRedirects: 0 });
  assert.ok(again.status() >= 400, `the second answer got ${again.status()}`);
  await person.close();
});

test('A-1.c: where one wanted to go is where one lands, on this site only', async () => {
  const person = await visitor(browser, kabinet.url);
  const { page } = person;
  await page.goto('/profile/binding');
  await expect.path(page, /^\/sign-in/);
  await enter(page, keys.gulnur);
  await expect.path(page, /^\/profile\/binding/);
  await page.goto('/cabinet');
  await page.locator('form[action="/sign-out"] button').first().click();
  await page.goto('/sign-in?return_to=https://evil.example/');
  await enter(page, keys.gulnur);
  assert.equal(new URL(page.url()).host, `localhost:${kabinet.port}`);
  await person.close();
});

test('4.1.1, WCAG 2.1.1: sign-in by keyboard alone', async () => {
  const person = await visitor(browser, kabinet.url);
  const { page } = person;
  const tabTo = async (selector) => {
    for (let n = 0; n < 60; n += 1) {
      if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`the keyboard never reaches ${selector}`);
  };
  await page.goto('/');
  await tabTo('a[href="/sign-in"]');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/sign-in/);
  await tabTo('#key-file');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Space')]);
  await chooser.setFiles(keys.gulnur);
  await tabTo('#key-password');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('#key-dialog[data-state="keys"]').waitFor();
  await tabTo('[data-act="sign"]');
  await page.keyboard.press('Enter');
  await page.locator('#key-dialog[data-state="signed"]').waitFor();
  await tabTo('[data-part="ready"] .button-primary');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/cabinet/);
  await person.close();
});

test('A-1.a: without scripts the page says what is missing and offers the other way', async () => {
  const context = await browser.newContext({ baseURL: kabinet.url, javaScriptEnabled: false, locale: 'ru-RU' });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await expect.text(page.locator('main'), /выключены сценарии[\s\S]*по паролю/);
  await page.goto('/sign-in/password');
  await page.locator('#login').fill(GULNUR.iin);
  await page.locator('#password').fill('какой-то пароль');
  await page.locator('main .button-primary').click();
  await expect.text(page.locator('main'), /не подошёл|неверн/i);
  assert.equal(await page.locator('#login').inputValue(), GULNUR.iin);
  await context.close();
});
